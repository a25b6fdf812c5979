using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Reads what is free and what is taken, from the rows as they stand: no counter is kept that could leak.</summary>
internal sealed class LedgerReader(PluginCatalog plugins)
{
    public async Task<CapacityLedger> ReadAsync(AppDb db, CancellationToken cancellationToken)
    {
        var groups = await db.InstanceGroups.AsNoTracking().ToListAsync(cancellationToken);
        var members = (await db.InstanceGroupMembers
            .Select(m => new { m.InstanceGroupId, m.Instance.Hostname, m.InstanceId })
            .OrderBy(m => m.InstanceId)
            .ToListAsync(cancellationToken)).ToLookup(m => m.InstanceGroupId, m => m.Hostname);
        var instances = await db.Instances.AsNoTracking()
            .Where(i => i.Enabled && i.NodeState == NodeStates.Ready && i.NodeType != NodeTypes.Hop && i.NodeType != NodeTypes.Control
                // Its host takes no jobs while something is wrong with the machine; left to it they would wait beside idle instances.
                && i.Errors == "")
            .Select(i => new { i.Hostname, i.Capacity })
            .ToListAsync(cancellationToken);
        var taken = await db.Jobs.Where(JobStateMachine.IsPlaced)
            .GroupBy(j => new { j.InstanceGroupId, j.ExecutionNode })
            .Select(g => new { g.Key.InstanceGroupId, g.Key.ExecutionNode, Jobs = g.Count(), Forks = g.Sum(j => j.TaskImpact) })
            .ToListAsync(cancellationToken);

        return new CapacityLedger(
            from g in groups
            let backend = plugins.TryGetBackend(g.EffectiveBackend, out var found) ? found : null
            where backend is not null
            let used = taken.Where(t => t.InstanceGroupId == g.Id).ToList()
            select new GroupCapacity
            {
                Id = g.Id,
                UsesInstances = backend.Capabilities.UsesInstances,
                MaxConcurrentJobs = g.MaxConcurrentJobs,
                MaxForks = g.MaxForks,
                Jobs = used.Sum(t => t.Jobs),
                Forks = used.Sum(t => t.Forks),
                Members = [.. members[g.Id]],
            },
            from i in instances
            let used = taken.Where(t => t.ExecutionNode == i.Hostname).ToList()
            select new InstanceCapacity
            {
                Hostname = i.Hostname,
                Capacity = i.Capacity,
                Consumed = used.Sum(t => t.Forks + (t.Jobs * CapacityLedger.ControlImpact)),
                Jobs = used.Sum(t => t.Jobs),
            });
    }
}
