using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Lets one round of claims run at a time, among all hosts. SQLite has one writer anyway; PostgreSQL needs to be told.</summary>
internal static class DispatchLock
{
    /// <summary>Ours among PostgreSQL's advisory locks: "cgdispat" in ASCII.</summary>
    private const long Key = 0x6367646973706174;

    /// <summary>Held until the end of the transaction.</summary>
    public static async Task TakeAsync(AppDb db, CancellationToken cancellationToken)
    {
        if (db.Database.IsNpgsql())
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken);
        }
    }
}
