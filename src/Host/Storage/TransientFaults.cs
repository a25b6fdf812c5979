using System.Data.Common;

namespace ContainerGroups.Host.Storage;

/// <summary>Which faults of the database pass by themselves: a lock, a conflict between transactions, a server that restarts.</summary>
internal static class TransientFaults
{
    public static bool IsTransient(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
        {
            switch (e)
            {
                // Busy and locked; Microsoft.Data.Sqlite doesn't say so itself.
                case Microsoft.Data.Sqlite.SqliteException sqlite:
                    return sqlite.SqliteErrorCode is 5 or 6;
                case DbException database:
                    return database.IsTransient;
            }
        }

        return false;
    }
}
