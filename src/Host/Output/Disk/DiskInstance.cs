using System.Data.Common;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Output;

/// <summary>Shows a full disk on this host's instance.</summary>
internal sealed class DiskInstance(IDbContextFactory<AppDb> databases, HostIdentity identity)
{
    public async Task ShowAsync(string errors, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Instances.Where(i => i.Hostname == identity.Hostname)
                .ExecuteUpdateAsync(s => s.SetProperty(i => i.Errors, errors), cancellationToken);
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            // The database is on the full disk itself: the log has to do.
        }
    }
}
