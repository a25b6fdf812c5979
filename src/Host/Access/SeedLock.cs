using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>Lets one host at a time make the rows that a fresh server has, so that none is made twice and no id is wasted.</summary>
internal static class SeedLock
{
    private const long Key = 0x5EED;

    public static async Task<IDbContextTransaction> BeginAsync(AppDb db, CancellationToken cancellationToken)
    {
        // SQLite's transaction takes the file's only write lock at its beginning.
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (db.Database.IsNpgsql())
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Key})", cancellationToken);
        }

        return transaction;
    }
}
