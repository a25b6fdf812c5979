using System.Text.Encodings.Web;
using System.Text.Json;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Dispatch;

/// <summary>What becomes of pending jobs that nobody can claim: they are told why they wait, and ended where they wait in vain. AWX's sentences.</summary>
internal sealed class BlockedJobs(DatabaseRetry retry, JobNotifications notifications, TimeProvider clock)
{
    public const string NoRoom = "This job is not ready to start because there is not enough available capacity.";

    private const long LockKey = 0x626C6F636B;

    private const string WaitingFor = "waiting for ";
    private const string ToFinish = " to finish";

    /// <summary>A younger job is not worth a word: most start within moments.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions ForPeople = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] BadEnds = [JobStatuses.Failed, JobStatuses.Error, JobStatuses.Canceled];

    /// <summary>Ends the jobs whose project update did not end well.</summary>
    /// <returns>How many.</returns>
    public async Task<int> FailAsync(CancellationToken cancellationToken)
    {
        var failures = await retry.ReadAsync(
            (db, token) => (
                from job in db.Jobs
                join update in db.ProjectUpdates on job.ProjectUpdateId equals update.Id
                where job.Status == JobStatuses.Pending && BadEnds.Contains(update.Status)
                select new { update.Id, update.Name }).Distinct().ToListAsync(token),
            cancellationToken);
        var ended = 0;
        foreach (var update in failures)
        {
            ended += await FailAsync(update.Id, update.Name, cancellationToken);
        }

        return ended;
    }

    /// <summary>Says why they wait to those that have waited for a while; whatever else stands there (a group's refusal) stays.</summary>
    /// <returns>When the next job has waited long enough; null when none waits without a word.</returns>
    public async Task<DateTime?> ExplainAsync(CancellationToken cancellationToken)
    {
        var oldest = await FirstAsync(j => j, cancellationToken);
        if (oldest is null || oldest > Now() - SilentFor)
        {
            return oldest + SilentFor;
        }

        await retry.RunInTransactionAsync(ExplainAsync, cancellationToken);
        return await FirstAsync(jobs => jobs.Where(j => j.JobExplanation == ""), cancellationToken) + SilentFor;
    }

    private async Task ExplainAsync(AppDb db, CancellationToken cancellationToken)
    {
        var latest = Now() - SilentFor;
        var waiting = db.Jobs.Where(j => j.Status == JobStatuses.Pending && j.CanceledOn == null && j.Created <= latest)
            .Where(j => j.JobExplanation == "" || j.JobExplanation.StartsWith(NoRoom)
                || (j.JobExplanation.StartsWith(WaitingFor) && j.JobExplanation.EndsWith(ToFinish)));
        var updating = db.ProjectUpdates.Where(u => u.Status != JobStatuses.Successful && !BadEnds.Contains(u.Status));
        var placed = db.Jobs.Where(JobStateMachine.IsPlaced);

        await waiting.Where(j => updating.Any(u => u.Id == j.ProjectUpdateId))
            .ExecuteUpdateAsync(s => s.SetProperty(j => j.JobExplanation, j => WaitingFor + "project_update-" + j.ProjectUpdateId + ToFinish), cancellationToken);
        var unsynced = waiting.Where(j => !updating.Any(u => u.Id == j.ProjectUpdateId));
        await unsynced.Where(j => !j.AllowSimultaneous && j.JobTemplateId != null && placed.Any(o => o.JobTemplateId == j.JobTemplateId))
            .ExecuteUpdateAsync(
                s => s.SetProperty(
                    j => j.JobExplanation, j => WaitingFor + "job-" + placed.Where(o => o.JobTemplateId == j.JobTemplateId).Min(o => o.Id) + ToFinish),
                cancellationToken);
        var noRoom = await NoRoomAsync(db, cancellationToken);
        await unsynced.Where(j => j.AllowSimultaneous || j.JobTemplateId == null || !placed.Any(o => o.JobTemplateId == j.JobTemplateId))
            .Where(j => j.JobExplanation != noRoom)
            .ExecuteUpdateAsync(s => s.SetProperty(j => j.JobExplanation, noRoom), cancellationToken);
    }

    /// <summary>AWX's sentence, and what is wrong with the machines where no host takes jobs.</summary>
    private static async Task<string> NoRoomAsync(AppDb db, CancellationToken cancellationToken)
    {
        var faults = await db.Instances.Where(i => i.NodeState == NodeStates.Ready).OrderBy(i => i.Id).Select(i => i.Errors).ToListAsync(cancellationToken);
        return faults.Count > 0 && faults.TrueForAll(fault => fault.Length > 0) ? $"{NoRoom} {faults[0]}" : NoRoom;
    }

    private async Task<int> FailAsync(long updateId, string updateName, CancellationToken cancellationToken)
    {
        var now = Now();
        var name = JsonSerializer.Serialize(updateName, ForPeople);
        var explanation = $"Previous Task Failed: {{\"job_type\": \"project_update\", \"job_name\": {name}, \"job_id\": \"{updateId}\"}}";
        var areAnyTold = false;
        var all = await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                // All hosts hear of the update's end at once; one of them tells of its jobs.
                await TransactionLock.TakeAsync(db, LockKey, token);
                var waiting = await db.Jobs.Where(j => j.ProjectUpdateId == updateId && j.Status == JobStatuses.Pending).Select(j => j.Id).ToListAsync(token);
                var ended = await db.Jobs.Where(j => waiting.Contains(j.Id) && j.Status == JobStatuses.Pending)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(j => j.Status, JobStatuses.Failed)
                            .SetProperty(j => j.Failed, true)
                            .SetProperty(j => j.Finished, now)
                            .SetProperty(j => j.EventProcessingFinished, true)
                            .SetProperty(j => j.JobExplanation, explanation),
                        token);
                await LaunchPasswords.ForgetAsync(db, token);
                areAnyTold = false;
                foreach (var job in await db.Jobs.Where(j => waiting.Contains(j.Id) && j.Status == JobStatuses.Failed).Select(j => j.Id).ToListAsync(token))
                {
                    areAnyTold |= await JobNotifications.AddAsync(db, job, JobStatuses.Failed, now, token);
                }

                return ended;
            },
            cancellationToken);
        notifications.Send(areAnyTold);
        return all;
    }

    /// <summary>When the oldest of the pending jobs was launched: their ids grow with their age.</summary>
    private Task<DateTime?> FirstAsync(Func<IQueryable<Job>, IQueryable<Job>> which, CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => which(db.Jobs.Where(j => j.Status == JobStatuses.Pending && j.CanceledOn == null))
            .OrderBy(j => j.Id).Select(j => (DateTime?)j.Created).FirstOrDefaultAsync(token),
        cancellationToken);

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}
