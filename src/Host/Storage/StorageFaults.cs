using Microsoft.Data.Sqlite;
using Npgsql;

namespace ContainerGroups.Host.Storage;

/// <summary>Which faults the operator of a machine can mend: they are told as what they are, without a stack trace.</summary>
internal static class StorageFaults
{
    private const int SqliteFull = 13;

    /// <summary>ENOSPC, as it is where there are file systems that can be full.</summary>
    private const int NoSpaceLeft = 28;

    /// <summary>Whether the disk of the database, or of the data directory, is full.</summary>
    public static bool IsFull(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
        {
            if (e is SqliteException { SqliteErrorCode: SqliteFull } or PostgresException { SqlState: PostgresErrorCodes.DiskFull }
                or IOException { HResult: NoSpaceLeft })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What was wrong in the first place, in the words of who noticed it.</summary>
    public static string Reason(Exception exception) => exception.GetBaseException().Message;
}
