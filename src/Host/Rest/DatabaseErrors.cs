using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContainerGroups.Host.Rest;

/// <summary>What a database's error says about a request.</summary>
internal static class DatabaseErrors
{
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteForeignKey = 787;

    /// <summary>Whether a row with the same unique values was there already.</summary>
    public static bool IsDuplicate(DbUpdateException e) => e.InnerException is
        SqliteException { SqliteExtendedErrorCode: SqliteUnique or SqlitePrimaryKey }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether a row that is referred to is gone, or one that others refer to was to go.</summary>
    public static bool IsBrokenReference(Exception e) => (e as DbUpdateException)?.InnerException is
        SqliteException { SqliteExtendedErrorCode: SqliteForeignKey }
        or PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation };

    /// <summary>Whether PostgreSQL refused what a client wrote into a query.</summary>
    public static bool IsBadQuery(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidRegularExpression or PostgresErrorCodes.CharacterNotInRepertoire
    };
}
