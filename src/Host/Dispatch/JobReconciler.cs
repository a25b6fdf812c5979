using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// What happens after a crash: jobs that nobody has in hand are taken in hand again. A host's own after its restart; another's when
/// it has been silent for too long and the environment can be reached from here. A job on an instance that is away waits for it.
/// </summary>
internal sealed partial class JobReconciler(
    DatabaseRetry retry,
    PluginCatalog plugins,
    RunningJobs running,
    JobNotifications notifications,
    HostIdentity host,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<JobReconciler> logger)
{
    /// <summary>Jobs that one transaction takes over.</summary>
    private const int Batch = 250;

    /// <summary>Claims what has to be taken in hand, with a higher epoch: whoever had it before changes nothing any more.</summary>
    public async Task<IReadOnlyList<JobClaim>> TakeOverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var silentSince = now - options.Value.HostSilentAfter;
        var left = await retry.ReadAsync(
            (db, token) => (
                from job in db.Jobs.AsNoTracking()
                where job.Status == JobStatuses.Waiting || job.Status == JobStatuses.Running
                join known in db.HostProcesses on job.ControllerNode equals known.Hostname into hosts
                from theirs in hosts.DefaultIfEmpty()
                where job.ControllerNode == host.Hostname || theirs == null || theirs.LastSeen < silentSince
                select new LeftJob(
                    job.Id, job.ClaimEpoch, job.Attempt, job.Status, job.ControllerNode, job.ExecutionNode, job.StartIntended,
                    job.Backend, job.InstanceGroup, job.Timeout, job.Started, theirs == null ? null : theirs.LastSeen, job.JobExplanation, job.CanceledOn)).ToListAsync(token),
            cancellationToken);

        await BreakSilenceAsync(cancellationToken);
        var mine = left.Where(job => job.ControllerNode == host.Hostname ? !running.Has(job.Id) : IsReachable(job)).ToList();
        foreach (var job in left.Where(job => job.ControllerNode != host.Hostname).Except(mine))
        {
            await WaitForInstanceAsync(job, now, cancellationToken);
        }

        var claims = new List<JobClaim>();
        // After a restart there may be thousands, nearly all of them alike.
        foreach (var alike in mine.GroupBy(job => (job.ClaimEpoch, job.Status)))
        {
            foreach (var batch in alike.Chunk(Batch))
            {
                claims.AddRange(await TakeAsync(batch, alike.Key.ClaimEpoch, alike.Key.Status, cancellationToken));
            }
        }

        return claims;
    }

    private static string Silence(string hostname) => $"Instance {hostname} has not been heard from since";

    /// <summary>This host was cut off from the store for a while and others said so: its jobs went on, and the word is out of date.</summary>
    private Task BreakSilenceAsync(CancellationToken cancellationToken)
    {
        var silence = Silence(host.Hostname);
        return retry.RunInTransactionAsync(
            (db, token) => db.Jobs.Where(JobStateMachine.IsPlaced)
                .Where(j => j.ControllerNode == host.Hostname && j.JobExplanation.StartsWith(silence))
                .ExecuteUpdateAsync(s => s.SetProperty(j => j.JobExplanation, ""), token),
            cancellationToken);
    }

    private bool IsReachable(LeftJob job)
    {
        var backend = job.Backend.Length > 0 ? job.Backend : job.InstanceGroup?.EffectiveBackend ?? "";
        return plugins.TryGetBackend(backend, out var found) && found.Capabilities.ReachableFromAnyHost;
    }

    /// <summary>Takes those of a batch that are as they were seen.</summary>
    private async Task<IEnumerable<JobClaim>> TakeAsync(LeftJob[] batch, int epoch, string status, CancellationToken cancellationToken)
    {
        var ids = batch.Select(job => job.Id).ToList();
        var taken = new HashSet<long>();
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                await db.Jobs.Where(j => ids.Contains(j.Id) && j.ClaimEpoch == epoch && j.Status == status).ExecuteUpdateAsync(
                    s => s.SetProperty(j => j.ClaimEpoch, epoch + 1).SetProperty(j => j.ControllerNode, host.Hostname), token);
                // Whoever else took one has put another name there; and only this host's one reconciler puts this one.
                taken = [.. await db.Jobs.Where(j => ids.Contains(j.Id) && j.ClaimEpoch == epoch + 1 && j.ControllerNode == host.Hostname)
                    .Select(j => j.Id).ToListAsync(token)];
            },
            cancellationToken);
        var mine = batch.Where(job => taken.Contains(job.Id)).ToList();
        mine.ForEach(job => LogTakenOver(job.Id, job.Status, job.ControllerNode));
        return mine.Select(job => new JobClaim(job.Id, epoch + 1, new JobTimeline(job.Id, job.Attempt, clock)));
    }

    /// <summary>The instance may come back with the job on it; only what has not begun is sent elsewhere.</summary>
    private async Task WaitForInstanceAsync(LeftJob job, DateTime now, CancellationToken cancellationToken)
    {
        var limit = job.Timeout > 0 && job.Started is { } started
            ? started + TimeSpan.FromSeconds(job.Timeout) + options.Value.HostSilentAfter
            : DateTime.MaxValue;
        var since = job.LastSeen is { } seen ? $"{seen:yyyy-MM-dd HH:mm:ss} UTC" : "it last ran";
        var silence = $"{Silence(job.ExecutionNode)} {since}.";
        var areAnyTold = false;
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                // Its host may be late and not gone: a start that it has announced since is not to be answered by a second one elsewhere.
                var row = db.Jobs.Where(j =>
                    j.Id == job.Id && j.ClaimEpoch == job.ClaimEpoch && j.Status == job.Status && j.StartIntended == job.StartIntended);
                if (job.Status == JobStatuses.Waiting && !job.StartIntended && job.CanceledOn is null)
                {
                    await row.Where(j => j.CanceledOn == null).ExecuteUpdateAsync(
                        s => s.SetProperty(j => j.Status, JobStatuses.Pending)
                            .SetProperty(j => j.ClaimEpoch, j => j.ClaimEpoch + 1)
                            .SetProperty(j => j.Attempt, j => j.Attempt + 1)
                            .SetProperty(j => j.Backend, "")
                            .SetProperty(j => j.EnvironmentHandle, (string?)null)
                            .SetProperty(j => j.DestroyPending, false)
                            .SetProperty(j => j.InstanceGroupId, (long?)null)
                            .SetProperty(j => j.ExecutionNode, "")
                            .SetProperty(j => j.ControllerNode, "")
                            .SetProperty(j => j.JobExplanation, silence),
                        token);
                }
                else if (job.CanceledOn is not null || now > limit)
                {
                    // Its host, when it is back, finds the job ended and removes the environment with what still runs in it.
                    var canceled = job.CanceledOn is not null;
                    var end = canceled ? JobStatuses.Canceled : JobStatuses.Error;
                    var ended = await row.ExecuteUpdateAsync(
                        s => s.SetProperty(j => j.Status, end)
                            .SetProperty(j => j.ClaimEpoch, j => j.ClaimEpoch + 1)
                            .SetProperty(j => j.Failed, true)
                            .SetProperty(j => j.Finished, now)
                            .SetProperty(j => j.EventProcessingFinished, true)
                            .SetProperty(j => j.JobExplanation, canceled ? silence : $"{silence} The job's time limit has passed meanwhile."),
                        token);
                    await LaunchPasswords.ForgetAsync(db, token);
                    areAnyTold = ended > 0 && await JobNotifications.AddAsync(db, job.Id, end, now, token);
                }
                else if (job.JobExplanation != silence)
                {
                    await row.ExecuteUpdateAsync(s => s.SetProperty(j => j.JobExplanation, silence), token);
                }
            },
            cancellationToken);
        notifications.Send(areAnyTold);
    }

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} ({Status}), left by host {Former}, is taken in hand again")]
    private partial void LogTakenOver(long jobId, string status, string former);

    private sealed record LeftJob(
        long Id, int ClaimEpoch, int Attempt, string Status, string ControllerNode, string ExecutionNode, bool StartIntended,
        string Backend, InstanceGroup? InstanceGroup, int Timeout, DateTime? Started, DateTime? LastSeen, string JobExplanation, DateTime? CanceledOn);
}
