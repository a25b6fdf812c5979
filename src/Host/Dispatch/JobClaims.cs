using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Decides who takes which job, among all hosts. A round is one transaction that excludes other rounds, so that no limit is ever
/// exceeded; each claim in it is one conditional update, so that a job that was canceled meanwhile stays canceled.
/// </summary>
internal sealed class JobClaims(
    DatabaseRetry retry, LedgerReader ledgers, HostIdentity host, TimeProvider clock, IOptions<DispatchOptions> options)
{
    /// <summary>Ours among the locks of transactions: "cgdispat" in ASCII.</summary>
    private const long LockKey = 0x6367646973706174;

    /// <summary>The pages of pending jobs that one round looks through for one that fits: a bound, so that a round stays short.</summary>
    private const int MaxPages = 10;

    /// <summary>Claims what this host may run now, oldest first.</summary>
    public async Task<ClaimRound> ClaimAsync(CancellationToken cancellationToken)
    {
        // Most wake-ups find nothing waiting: that is seen without excluding anybody.
        var now = clock.GetUtcNow().UtcDateTime;
        var waiting = await retry.ReadAsync(
            (db, token) => db.Jobs.AnyAsync(j => j.Status == JobStatuses.Pending && (j.NotBefore == null || j.NotBefore <= now), token), cancellationToken);
        if (!waiting)
        {
            var nextAt = await retry.ReadAsync(
                (db, token) => db.Jobs.Where(j => j.Status == JobStatuses.Pending).MinAsync(j => j.NotBefore, token), cancellationToken);
            return ClaimRound.Nothing with { NextAt = nextAt };
        }

        var round = new Round(ledgers, host, clock, options.Value.ClaimBatch);
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                round.Reset();
                await TransactionLock.TakeAsync(db, LockKey, token);
                await round.RunAsync(db, token);
            },
            cancellationToken);
        return round.Result;
    }

    private sealed class Round(LedgerReader ledgers, HostIdentity host, TimeProvider clock, int batch)
    {
        private readonly List<JobClaim> _claims = [];
        private readonly HashSet<long> _busyTemplates = [];
        private bool _more;
        private DateTime? _nextAt;

        public ClaimRound Result => new(_claims, _more, _nextAt);

        /// <summary>The transaction may run several times.</summary>
        public void Reset()
        {
            _claims.Clear();
            _busyTemplates.Clear();
            _more = false;
            _nextAt = null;
        }

        public async Task RunAsync(AppDb db, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var ledger = await ledgers.ReadAsync(db, cancellationToken);
            _nextAt = await db.Jobs.Where(j => j.Status == JobStatuses.Pending && j.NotBefore > now).MinAsync(j => j.NotBefore, cancellationToken);
            _busyTemplates.UnionWith(await BusyTemplatesAsync(db, cancellationToken));
            var after = 0L;
            for (var page = 0; page < MaxPages; page++)
            {
                var open = ledger.OpenGroups();
                if (open.Count == 0)
                {
                    // However long the queue is, it is not read while nothing of it could go anywhere.
                    _more = false;
                    return;
                }

                var candidates = await CandidateJob.PageAsync(db, open, _busyTemplates, after, now, batch, cancellationToken);
                foreach (var job in candidates)
                {
                    await ConsiderAsync(db, ledger, job, cancellationToken);
                }

                _more = candidates.Count == batch;
                if (!_more || _claims.Count >= batch)
                {
                    return;
                }

                after = candidates[^1].Id;
            }
        }

        private async Task ConsiderAsync(AppDb db, CapacityLedger ledger, CandidateJob job, CancellationToken cancellationToken)
        {
            if (job.ExclusiveTemplateId is { } template && !_busyTemplates.Add(template))
            {
                return;
            }

            var placement = ledger.Place(job.Preferred, job.TaskImpact);
            // Another instance's job is left to its own host, which sees the same rows and comes to the same decision.
            if (placement is null || (placement.Hostname.Length > 0 && placement.Hostname != host.Hostname))
            {
                return;
            }

            var attempt = Math.Max(job.Attempt, 1);
            var claimed = await db.Jobs
                .Where(j => j.Id == job.Id && j.Status == JobStatuses.Pending && j.CanceledOn == null)
                .ExecuteUpdateAsync(
                    s => s.SetProperty(j => j.Status, JobStatuses.Waiting)
                        .SetProperty(j => j.InstanceGroupId, placement.InstanceGroupId)
                        .SetProperty(j => j.ExecutionNode, placement.Hostname)
                        .SetProperty(j => j.ControllerNode, host.Hostname)
                        .SetProperty(j => j.ClaimEpoch, j => j.ClaimEpoch + 1)
                        .SetProperty(j => j.Attempt, attempt)
                        .SetProperty(j => j.NotBefore, (DateTime?)null)
                        .SetProperty(j => j.JobExplanation, "")
                        // Intent first: whatever is made from here on has somebody who removes it.
                        .SetProperty(j => j.DestroyPending, true),
                    cancellationToken);
            if (claimed == 0)
            {
                return;
            }

            var timeline = new JobTimeline(job.Id, attempt, clock);
            timeline.Mark(JobPhaseNames.Claimed, $"by {host.Hostname} for group {placement.InstanceGroupId}");
            _claims.Add(new JobClaim(job.Id, job.ClaimEpoch + 1, timeline));
        }

        /// <summary>Templates of which a job is placed: those that allow one at a time have to wait.</summary>
        private static Task<List<long>> BusyTemplatesAsync(AppDb db, CancellationToken cancellationToken) => db.Jobs
            .Where(JobStateMachine.IsPlaced).Where(j => j.JobTemplateId != null).Select(j => j.JobTemplateId!.Value).Distinct()
            .ToListAsync(cancellationToken);
    }
}

/// <summary>What a round of claims did.</summary>
/// <param name="Claims">To be run by this host.</param>
/// <param name="More">Whether another round may find more at once.</param>
/// <param name="NextAt">When the next job that waits for its time may be claimed; null for none.</param>
internal sealed record ClaimRound(IReadOnlyList<JobClaim> Claims, bool More, DateTime? NextAt)
{
    public static ClaimRound Nothing { get; } = new([], false, null);
}
