using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible;

/// <summary>The rows of the hosts that a job's events name, each looked up once.</summary>
internal sealed class InventoryHostIds(IDbContextFactory<AppDb> databases, long? inventoryId)
{
    private const int NamesPerQuery = 500;

    private readonly Dictionary<string, long?> _known = new(StringComparer.Ordinal);

    /// <summary>Gives the batch's events and summaries the ids of their hosts; a host that is in no inventory of ours has none.</summary>
    public async ValueTask FillAsync(OutputBatch batch, CancellationToken cancellationToken)
    {
        if (inventoryId is null || (batch.Events.Count == 0 && batch.HostSummaries is null))
        {
            return;
        }

        var summaries = batch.HostSummaries ?? [];
        var unknown = batch.Events.Select(e => e.HostName).Concat(summaries.Select(s => s.HostName))
            .Where(name => name.Length > 0 && !_known.ContainsKey(name)).Distinct().ToArray();
        foreach (var names in unknown.Chunk(NamesPerQuery))
        {
            await LookUpAsync(names, cancellationToken);
        }

        foreach (var e in batch.Events)
        {
            e.HostId = _known.GetValueOrDefault(e.HostName);
        }

        foreach (var summary in summaries)
        {
            summary.HostId = _known.GetValueOrDefault(summary.HostName);
        }
    }

    private async Task LookUpAsync(string[] names, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Hosts.AsNoTracking()
            .Where(host => host.InventoryId == inventoryId && names.Contains(host.Name))
            .Select(host => new { host.Name, host.Id })
            .ToListAsync(cancellationToken);
        foreach (var name in names)
        {
            _known[name] = null;
        }

        foreach (var host in found)
        {
            _known[host.Name] = host.Id;
        }
    }
}
