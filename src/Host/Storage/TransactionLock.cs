using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>Lets one transaction at a time, of all hosts, do what the key stands for; given back at its end.</summary>
internal static class TransactionLock
{
    public static async Task TakeAsync(AppDb db, long key, CancellationToken cancellationToken)
    {
        // SQLite's transaction took the file's only write lock at its beginning.
        if (db.Database.IsNpgsql())
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
        }
    }
}
