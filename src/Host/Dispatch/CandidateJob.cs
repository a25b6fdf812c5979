using System.Text.Json;
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

    /// <summary>The project update it waited for, when that did not end well.</summary>
    public required FailedUpdate? FailedUpdate { get; init; }

    /// <summary>Its groups in order, without those that refused it a short while ago.</summary>
    public IReadOnlyList<long> Preferred { get; init; } = [];

    /// <summary>The oldest jobs that might be placed: their time has come, nothing that they wait for is under way, and a group of theirs is open.</summary>
    public static async Task<IReadOnlyList<CandidateJob>> PageAsync(
        AppDb db, IReadOnlyList<long> openGroups, long afterId, DateTime now, int size, CancellationToken cancellationToken)
    {
        var rows = await (
            from job in db.Jobs
            where job.Status == JobStatuses.Pending && job.Id > afterId && job.CanceledOn == null
                && (job.NotBefore == null || job.NotBefore <= now)
            let update = db.ProjectUpdates.FirstOrDefault(u => u.Id == job.ProjectUpdateId)
            where update == null
                || (update.Status == JobStatuses.Successful
                    && db.JobInstanceGroups.Any(g => g.JobId == job.Id && openGroups.Contains(g.InstanceGroupId)))
                || update.Status == JobStatuses.Failed || update.Status == JobStatuses.Error || update.Status == JobStatuses.Canceled
            where update != null || db.JobInstanceGroups.Any(g => g.JobId == job.Id && openGroups.Contains(g.InstanceGroupId))
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
                UpdateId = (long?)update!.Id,
                UpdateName = update.Name,
                UpdateStatus = update.Status,
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
            FailedUpdate = r.UpdateId is { } update && r.UpdateStatus != JobStatuses.Successful ? new FailedUpdate(update, r.UpdateName) : null,
            Preferred = RefusedGroups.Parse(r.RefusedInstanceGroups).Without(preferred[r.Id], now),
        })];
    }
}

/// <summary>A project update that did not end well.</summary>
internal sealed record FailedUpdate(long Id, string Name)
{
    /// <summary>AWX's sentence.</summary>
    public string Explanation =>
        $"Previous Task Failed: {{\"job_type\": \"project_update\", \"job_name\": {JsonSerializer.Serialize(Name)}, \"job_id\": \"{Id}\"}}";
}
