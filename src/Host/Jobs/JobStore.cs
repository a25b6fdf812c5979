using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace ContainerGroups.Host.Jobs;

/// <summary>
/// The writes of a runner. Each is one conditional update that holds only while the claim does and the status allows it;
/// a claim that is held no more throws <see cref="ClaimLostException"/> and has changed nothing.
/// </summary>
internal sealed class JobStore(DatabaseRetry retry, TimeProvider clock)
{
    private static readonly string[] WhileWaiting = [JobStatuses.Waiting];

    /// <summary>The job with what a runner needs to know of it; null when its row is gone or the claim is lost.</summary>
    public async Task<Job?> FindAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        return await retry.ReadAsync(
            (db, token) => db.Jobs.AsNoTracking()
                .Include(job => job.InstanceGroup)
                .Include(job => job.PreferredInstanceGroups)
                .SingleOrDefaultAsync(job => job.Id == claim.JobId && job.ClaimEpoch == claim.Epoch, token),
            cancellationToken);
    }

    /// <summary>The environment is there: from now on it is found again after a crash.</summary>
    public Task StoreHandleAsync(JobClaim claim, string backend, EnvironmentHandle handle, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(handle, JobJson.Default.EnvironmentHandle);
        return UpdateAsync(claim, WhileWaiting, s => s.SetProperty(j => j.EnvironmentHandle, json).SetProperty(j => j.Backend, backend), cancellationToken);
    }

    /// <summary>The program may run from now on, whatever happens: it is never started in another environment again.</summary>
    public Task IntendStartAsync(JobClaim claim, JobProgram program, CancellationToken cancellationToken) =>
        UpdateAsync(
            claim,
            WhileWaiting,
            s => s.SetProperty(j => j.StartIntended, true)
                .SetProperty(j => j.JobArgs, program.Args)
                .SetProperty(j => j.JobCwd, program.Cwd)
                .SetProperty(j => j.JobEnv, program.MaskedEnvironment)
                .SetProperty(j => j.ScmRevision, program.ScmRevision),
            cancellationToken);

    /// <summary>The program runs.</summary>
    /// <returns>When the job first ran.</returns>
    public async Task<DateTime> RunningAsync(JobClaim claim, DateTime? started, CancellationToken cancellationToken)
    {
        var first = started ?? Now();
        await MoveAsync(
            claim, JobStatuses.Running, s => s.SetProperty(j => j.Started, first).SetProperty(j => j.JobExplanation, ""), cancellationToken);
        return first;
    }

    /// <summary>The job has ended. Its environment, if there is one, is still to be removed.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="started">When the job first ran; null when it never did.</param>
    /// <param name="end">How.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task FinishAsync(JobClaim claim, DateTime? started, JobEnd end, CancellationToken cancellationToken)
    {
        var now = Now();
        var elapsed = started is { } moment ? Math.Round((now - moment).TotalSeconds, 3) : 0;
        return MoveAsync(
            claim,
            end.Status,
            s => s.SetProperty(j => j.Finished, now)
                .SetProperty(j => j.ElapsedSeconds, elapsed)
                .SetProperty(j => j.Failed, JobStateMachine.CountsAsFailed(end.Status))
                .SetProperty(j => j.JobExplanation, end.Explanation)
                .SetProperty(j => j.ResultTraceback, end.Traceback)
                .SetProperty(j => j.ExitCode, end.ExitCode)
                .SetProperty(j => j.EventProcessingFinished, true),
            cancellationToken);
    }

    /// <summary>The group refused before the program was started: the job waits its turn again, elsewhere or later.</summary>
    public Task RequeueAsync(JobClaim claim, Requeue requeue, CancellationToken cancellationToken)
    {
        var now = Now();
        return MoveAsync(
            claim,
            JobStatuses.Pending,
            s => s.SetProperty(j => j.JobExplanation, requeue.Explanation)
                .SetProperty(j => j.NotBefore, requeue.NotBefore)
                .SetProperty(j => j.StartFailures, j => j.StartFailures + 1)
                .SetProperty(j => j.RefusedSince, j => j.RefusedSince ?? now)
                .SetProperty(j => j.RefusedInstanceGroups, requeue.RefusedInstanceGroups)
                .SetProperty(j => j.EnvironmentHandle, (string?)null)
                .SetProperty(j => j.StartIntended, false)
                .SetProperty(j => j.DestroyPending, false)
                .SetProperty(j => j.InstanceGroupId, (long?)null)
                .SetProperty(j => j.ExecutionNode, "")
                .SetProperty(j => j.ControllerNode, "")
                .SetProperty(j => j.Attempt, j => j.Attempt + 1),
            cancellationToken);
    }

    /// <summary>The environment was lost before the program was started and is gone: a new one may be made, under a new name.</summary>
    public Task NewAttemptAsync(JobClaim claim, CancellationToken cancellationToken) =>
        UpdateAsync(
            claim,
            WhileWaiting,
            s => s.SetProperty(j => j.Attempt, j => j.Attempt + 1)
                .SetProperty(j => j.EnvironmentHandle, (string?)null)
                .SetProperty(j => j.StartIntended, false),
            cancellationToken);

    /// <summary>Why it waits, for people; the status stays.</summary>
    public Task ExplainAsync(JobClaim claim, string explanation, CancellationToken cancellationToken) =>
        UpdateAsync(claim, null, s => s.SetProperty(j => j.JobExplanation, explanation), cancellationToken);

    /// <summary>The environment of an ended job is gone.</summary>
    public async Task DestroyedAsync(long jobId, int attempt, CancellationToken cancellationToken)
    {
        var now = Now();
        await retry.RunInTransactionAsync(async (db, token) =>
        {
            var changed = await db.Jobs.Where(j => j.Id == jobId && j.Attempt == attempt && j.DestroyPending)
                .ExecuteUpdateAsync(s => s.SetProperty(j => j.DestroyPending, false), token);
            if (changed > 0)
            {
                db.JobPhases.Add(new JobPhase { JobId = jobId, Attempt = attempt, Name = JobPhaseNames.Destroyed, At = now });
                await db.SaveChangesAsync(token);
            }
        }, cancellationToken);
    }

    private Task MoveAsync(
        JobClaim claim, string to, Action<UpdateSettersBuilder<Job>> set, CancellationToken cancellationToken)
    {
        // Including the status itself: a write that was stored while its answer was lost is repeated.
        var from = JobStateMachine.Predecessors(to).Concat([to]).ToArray();
        return UpdateAsync(claim, from, s => set(s.SetProperty(j => j.Status, to)), cancellationToken);
    }

    private async Task UpdateAsync(
        JobClaim claim, string[]? from, Action<UpdateSettersBuilder<Job>> set, CancellationToken cancellationToken)
    {
        var phases = claim.Timeline.Take();
        var stored = false;
        try
        {
            await retry.RunInTransactionAsync(async (db, token) =>
            {
                var row = db.Jobs.Where(j => j.Id == claim.JobId && j.ClaimEpoch == claim.Epoch);
                row = from is null ? row : row.Where(j => from.Contains(j.Status));
                if (await row.ExecuteUpdateAsync(set, token) == 0)
                {
                    throw new ClaimLostException(claim.JobId);
                }

                await AddPhasesAsync(db, claim.JobId, phases, token);
            }, cancellationToken);
            stored = true;
        }
        finally
        {
            if (!stored)
            {
                claim.Timeline.GiveBack(phases);
            }
        }
    }

    /// <summary>A phase is stored once per attempt: after a restart the first moment stays.</summary>
    private static async Task AddPhasesAsync(AppDb db, long jobId, IReadOnlyList<JobPhase> phases, CancellationToken cancellationToken)
    {
        if (phases.Count == 0)
        {
            return;
        }

        var known = await db.JobPhases.Where(p => p.JobId == jobId).Select(p => new { p.Attempt, p.Name }).ToListAsync(cancellationToken);
        foreach (var phase in phases)
        {
            if (!known.Contains(new { phase.Attempt, phase.Name }))
            {
                phase.Id = 0;
                db.JobPhases.Add(phase);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}
