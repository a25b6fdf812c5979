using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Counts what is taken of groups, by five statements for any number of them. A group of instances has what its members have; a
/// group of environments made for each job, what its limit says.</summary>
internal sealed class InstanceGroupUsage(PluginCatalog plugins)
{
    public async Task<IReadOnlyDictionary<long, Usage>> LoadAsync(LoadContext<InstanceGroup> page, CancellationToken cancellationToken)
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        var members = (await page.Db.InstanceGroupMembers.AsNoTracking().Where(member => ids.Contains(member.InstanceGroupId))
            .Select(member => new { member.InstanceGroupId, member.Instance }).ToListAsync(cancellationToken))
            .ToLookup(member => member.InstanceGroupId, member => member.Instance);
        var hostnames = members.SelectMany(group => group.Select(instance => instance.Hostname)).Distinct().ToList();
        var byHostname = await InstanceUsage.CountAsync(page.Db, hostnames, cancellationToken);
        var running = await page.Db.Jobs
            .Where(job => job.InstanceGroupId != null && ids.Contains(job.InstanceGroupId.Value) && ActiveJobs.Consuming.Contains(job.Status))
            .GroupBy(job => job.InstanceGroupId!.Value)
            .Select(jobs => new { Id = jobs.Key, Count = jobs.Count(), Forks = jobs.Sum(job => (long)job.TaskImpact) })
            .ToDictionaryAsync(row => row.Id, cancellationToken);
        var total = await page.Db.Jobs.Where(job => job.InstanceGroupId != null && ids.Contains(job.InstanceGroupId.Value))
            .GroupBy(job => job.InstanceGroupId!.Value).Select(jobs => new { Id = jobs.Key, Count = jobs.Count() })
            .ToDictionaryAsync(row => row.Id, row => row.Count, cancellationToken);
        return page.Rows.ToDictionary(row => row.Id, row =>
        {
            var usage = UsesInstances(row)
                ? OfMembers([.. members[row.Id]], byHostname)
                : new Usage(row.MaxForks, running.GetValueOrDefault(row.Id)?.Forks ?? 0, running.GetValueOrDefault(row.Id)?.Count ?? 0, 0, 0);
            return usage with { JobsTotal = total.GetValueOrDefault(row.Id) };
        });
    }

    private bool UsesInstances(InstanceGroup group) => plugins.TryGetBackend(group.EffectiveBackend, out IExecutionBackend? backend)
        ? backend.Capabilities.UsesInstances
        : !group.IsContainerGroup;

    private static Usage OfMembers(IReadOnlyList<Instance> members, IReadOnlyDictionary<string, Usage> byHostname) => new(
        members.Where(Usage.TakesJobs).Sum(member => (long)member.Capacity),
        members.Sum(member => byHostname[member.Hostname].Consumed),
        members.Sum(member => byHostname[member.Hostname].JobsRunning),
        0,
        members.Count(Usage.TakesJobs));
}
