using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Counts what is taken of instances, by two statements for any number of them.</summary>
internal static class InstanceUsage
{
    public static async Task<IReadOnlyDictionary<long, Usage>> LoadAsync(LoadContext<Instance> page, CancellationToken cancellationToken)
    {
        var byHostname = await CountAsync(page.Db, [.. page.Rows.Select(row => row.Hostname)], cancellationToken);
        return page.Rows.ToDictionary(row => row.Id, row =>
            byHostname.GetValueOrDefault(row.Hostname, Usage.None) with { Capacity = row.Capacity });
    }

    /// <summary>What jobs take of the instances, by hostname; the capacity is not known here.</summary>
    public static async Task<IReadOnlyDictionary<string, Usage>> CountAsync(
        AppDb db, IReadOnlyCollection<string> hostnames, CancellationToken cancellationToken)
    {
        var running = await db.Jobs.Where(job => hostnames.Contains(job.ExecutionNode) && ActiveJobs.Consuming.Contains(job.Status))
            .GroupBy(job => job.ExecutionNode)
            .Select(jobs => new { Hostname = jobs.Key, Count = jobs.Count(), Forks = jobs.Sum(job => (long)job.TaskImpact) })
            .ToDictionaryAsync(row => row.Hostname, cancellationToken);
        var total = await db.UnifiedJobs.Where(job => hostnames.Contains(job.ExecutionNode))
            .GroupBy(job => job.ExecutionNode).Select(jobs => new { Hostname = jobs.Key, Count = jobs.Count() })
            .ToDictionaryAsync(row => row.Hostname, row => row.Count, cancellationToken);
        return hostnames.Distinct().ToDictionary(name => name, name => running.TryGetValue(name, out var jobs)
            ? new Usage(0, jobs.Forks + (jobs.Count * Usage.ControlImpact), jobs.Count, total.GetValueOrDefault(name), 0)
            : Usage.None with { JobsTotal = total.GetValueOrDefault(name) });
    }
}
