using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Dispatch;

/// <summary>A pending job as a round of claims sees it.</summary>
internal sealed record CandidateJob
{
    public required long Id { get; init; }

    public required int TaskImpact { get; init; }

    public required int Attempt { get; init; }

    public required int ClaimEpoch { get; init; }

    /// <summary>Its template, when only one job of it may run at a time.</summary>
    public required long? ExclusiveTemplateId { get; init; }

    /// <summary>Its groups in order, without those that refused it a short while ago.</summary>
    public required IReadOnlyList<long> Preferred { get; init; }

    /// <summary>The oldest jobs that might be placed: their time has come, nothing that they wait for is under way, and a group of theirs is open.</summary>
    /// <param name="db">Read only.</param>
    /// <param name="openGroups">The groups with room.</param>
    /// <param name="busyTemplates">Templates of which a job is under way.</param>
    /// <param name="afterId">Where the page before ended.</param>
    /// <param name="now">The moment.</param>
    /// <param name="size">The most jobs to return.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyList<CandidateJob>> PageAsync(
        AppDb db, IReadOnlyList<long> openGroups, IReadOnlyCollection<long> busyTemplates, long afterId, DateTime now, int size,
        CancellationToken cancellationToken)
    {
        var rows = await (
            from job in db.Jobs
            where job.Status == JobStatuses.Pending && job.Id > afterId && job.CanceledOn == null
                && (job.NotBefore == null || job.NotBefore <= now)
            where job.AllowSimultaneous || job.JobTemplateId == null || !busyTemplates.Contains(job.JobTemplateId.Value)
            // An update that is gone is not waited for.
            where job.ProjectUpdateId == null
                || !db.ProjectUpdates.Any(u => u.Id == job.ProjectUpdateId && u.Status != JobStatuses.Successful)
            where db.JobInstanceGroups.Any(g => g.JobId == job.Id && openGroups.Contains(g.InstanceGroupId))
            orderby job.Id
            select new
            {
                job.Id,
                job.TaskImpact,
                job.Attempt,
                job.ClaimEpoch,
                job.JobTemplateId,
                job.AllowSimultaneous,
                job.RefusedInstanceGroups,
            }).Take(size).ToListAsync(cancellationToken);

        var ids = rows.Select(r => r.Id).ToList();
        var preferred = (await db.JobInstanceGroups.AsNoTracking()
            .Where(g => ids.Contains(g.JobId)).OrderBy(g => g.Position)
            .Select(g => new { g.JobId, g.InstanceGroupId }).ToListAsync(cancellationToken)).ToLookup(g => g.JobId, g => g.InstanceGroupId);

        return [.. rows.Select(r => new CandidateJob
        {
            Id = r.Id,
            TaskImpact = r.TaskImpact,
            Attempt = r.Attempt,
            ClaimEpoch = r.ClaimEpoch,
            ExclusiveTemplateId = r.AllowSimultaneous ? null : r.JobTemplateId,
            Preferred = RefusedGroups.Parse(r.RefusedInstanceGroups).Without(preferred[r.Id], now),
        })];
    }
}
