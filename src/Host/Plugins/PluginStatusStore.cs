using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Plugins;

/// <summary>Keeps what was last known of each plugin on this host: after its folder is gone, what it gave can still be told.</summary>
internal sealed class PluginStatusStore(DatabaseRetry retry, HostIdentity host, TimeProvider clock)
{
    /// <summary>Writes what has changed since the last time; a plugin that is not there any more is kept, as <c>missing</c>.</summary>
    public async Task SaveAsync(IReadOnlyList<PluginInfo> plugins, CancellationToken cancellationToken)
    {
        // Of several folders with one id, the one that works.
        var current = plugins.GroupBy(plugin => plugin.Id, StringComparer.Ordinal)
            .Select(same => same.OrderBy(plugin => plugin.State).First()).ToList();
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                var rows = await db.Plugins.Where(row => row.Hostname == host.Hostname).ToDictionaryAsync(row => row.PluginId, token);
                foreach (var plugin in current)
                {
                    if (!rows.Remove(plugin.Id, out var row))
                    {
                        row = new PluginStatus { Hostname = host.Hostname, PluginId = plugin.Id };
                        db.Add(row);
                    }

                    Fill(row, plugin);
                }

                foreach (var gone in rows.Values.Where(row => row.Status != PluginStatus.Missing))
                {
                    gone.Status = PluginStatus.Missing;
                    gone.Reason = "Its folder is gone.";
                    gone.Modified = clock.GetUtcNow().UtcDateTime;
                }

                await db.SaveChangesAsync(token);
            },
            cancellationToken);
    }

    /// <summary>What this host has lost: plugins that it once had and does not find any more.</summary>
    public Task<List<PluginStatus>> MissingAsync(CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => db.Plugins.AsNoTracking()
            .Where(row => row.Hostname == host.Hostname && row.Status == PluginStatus.Missing).OrderBy(row => row.PluginId).ToListAsync(token),
        cancellationToken);

    private static void Fill(PluginStatus row, PluginInfo plugin)
    {
        row.Version = plugin.Version;
        row.DisplayName = plugin.DisplayName;
        row.Publisher = plugin.Publisher;
        row.Status = PluginStates.Word(plugin.State);
        row.Reason = plugin.Reason;
        row.RestartReason = plugin.RestartReason;
        row.Warnings = string.Join('\n', plugin.Warnings);
        row.Directory = plugin.Directory;
        row.Modified = plugin.SeenAt.UtcDateTime;
        if (plugin.State == PluginState.Active)
        {
            // A plugin that doesn't load today still is the one that gave these.
            row.Backends = string.Join(',', plugin.Backends);
            row.CredentialTypes = string.Join(',', plugin.CredentialTypes);
        }
    }
}
