using ContainerGroups.Host.Labels;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Output;

/// <summary>Deletes jobs that are too old or too much. In small steps: a running job's output never waits long for them.</summary>
internal sealed class JobRetention(
    IDbContextFactory<AppDb> databases, IOptions<RetentionOptions> options, TimeProvider time, ILogger<JobRetention> log)
    : RetentionRounds("jobs", options, time, log)
{
    private const int JobsPerStep = 20;
    private const int ChunksPerStep = 200;
    private const int EventsPerStep = 2_000;

    private static readonly string[] Ended = [JobStatuses.Successful, JobStatuses.Failed, JobStatuses.Error, JobStatuses.Canceled];

    public override async Task<int> DeleteDueAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        if (Options.JobDays > 0)
        {
            var oldest = Before(Options.JobDays);
            deleted += await DeleteAsync(jobs => jobs.Where(job => job.Finished < oldest), long.MaxValue, cancellationToken);
        }

        if (Options.MaxOutputBytes > 0)
        {
            // Summed up once: to do so before each deletion would read every job for every one that goes.
            deleted += await DeleteAsync(jobs => jobs, await ExcessAsync(cancellationToken), cancellationToken);
        }

        return deleted;
    }

    /// <summary>Deletes ended jobs, oldest first, as long as one is chosen and so much text has not gone.</summary>
    private async Task<int> DeleteAsync(
        Func<IQueryable<UnifiedJob>, IQueryable<UnifiedJob>> choose, long excess, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (true)
        {
            var oldest = await OldestAsync(choose, cancellationToken);
            foreach (var (id, bytes) in oldest)
            {
                if (excess <= 0)
                {
                    return deleted;
                }

                deleted += await DeleteJobAsync(id, cancellationToken);
                excess -= bytes;
            }

            if (oldest.Count < JobsPerStep)
            {
                return deleted;
            }
        }
    }

    private async Task<List<(long Id, long Bytes)>> OldestAsync(Func<IQueryable<UnifiedJob>, IQueryable<UnifiedJob>> choose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // A job whose environment is still to be removed is needed for that.
        var busy = db.Jobs.Where(job => job.DestroyPending).Select(job => job.Id);
        var jobs = await choose(db.UnifiedJobs.AsNoTracking())
            .Where(job => Ended.Contains(job.Status) && job.Finished != null && !busy.Contains(job.Id))
            .OrderBy(job => job.Finished).ThenBy(job => job.Id)
            .Select(job => new { job.Id, job.OutputOffset }).Take(JobsPerStep).ToListAsync(cancellationToken);
        return jobs.ConvertAll(job => (job.Id, job.OutputOffset));
    }

    /// <summary>From the end of its text on: what is left at any moment, also after a crash, can still be read from its beginning.</summary>
    private async Task<int> DeleteJobAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        while (await db.OutputChunks.Where(c => c.JobId == id).OrderByDescending(c => c.OutputOffset).Select(c => (long?)c.OutputOffset)
            .Take(ChunksPerStep).MinAsync(cancellationToken) is { } from)
        {
            await db.OutputChunks.Where(c => c.JobId == id && c.OutputOffset >= from).ExecuteDeleteAsync(cancellationToken);
        }

        while (await db.JobEvents.Where(e => e.JobId == id).MaxAsync(e => (int?)e.Counter, cancellationToken) is { } last)
        {
            await db.JobEvents.Where(e => e.JobId == id && e.Counter > last - EventsPerStep).ExecuteDeleteAsync(cancellationToken);
        }

        await UnusedLabels.DeleteWithJobAsync(db, id, cancellationToken);
        return await db.UnifiedJobs.Where(job => job.Id == id && Ended.Contains(job.Status)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>How many bytes of text there are beyond the limit; negative when there is room.</summary>
    private async Task<long> ExcessAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.UnifiedJobs.SumAsync(job => job.OutputOffset, cancellationToken) - Options.MaxOutputBytes;
    }
}
