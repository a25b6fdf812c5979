using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ContainerGroups.Host.Output;

/// <summary>Which failures of the store pass by themselves or by an operator's hand, so that a write is worth repeating as it is.</summary>
internal static class StoreFault
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteReadOnly = 8;
    private const int SqliteIoError = 10;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;

    public static bool MayPass(DbException e) => e switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked or SqliteReadOnly or SqliteIoError or SqliteFull or SqliteCannotOpen,
        PostgresException postgres => postgres.IsTransient || IsFull(postgres) || postgres.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction,
        _ => e.IsTransient || e is NpgsqlException,
    };

    public static bool IsFull(DbException e) => e switch
    {
        // A full disk shows as an I/O error too, when the log could not grow.
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteFull or SqliteIoError,
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory,
        _ => false,
    };

    public static string Describe(DbException e) => IsFull(e)
        ? $"The database can't be written, its disk seems to be full: {e.Message}"
        : $"The database can't be written: {e.Message}";
}
