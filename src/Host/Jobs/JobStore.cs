using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace ContainerGroups.Host.Jobs;

/// <summary>
/// The writes of a runner. Each is one conditional update that holds only while the claim does and the status allows it;
/// a claim that is held no more throws <see cref="ClaimLostException"/> and has changed nothing.
/// </summary>
internal sealed class JobStore(DatabaseRetry retry, JobNotifications notifications, TimeProvider clock)
{
    private static readonly Expression<Func<Job, bool>> WhileWaiting = j => j.Status == JobStatuses.Waiting;

    private static readonly CompiledOnce<Func<AppDb, long, int, CancellationToken, Task<Job?>>> Claimed = new(() => EF.CompileAsyncQuery(
        (AppDb db, long id, int epoch, CancellationToken _) => db.Jobs.AsNoTracking()
            .Include(job => job.InstanceGroup)
            .Include(job => job.PreferredInstanceGroups)
            .Include(job => job.Credentials)
            .Where(JobStateMachine.IsPlaced)
            .SingleOrDefault(job => job.Id == id && job.ClaimEpoch == epoch)));

    /// <summary>The job with what a runner needs to know of it; null when nothing is left to do for this claim: the row is gone, the claim
    /// is lost, or the job has ended or gone back to the queue already.</summary>
    public Task<Job?> FindAsync(JobClaim claim, CancellationToken cancellationToken) =>
        retry.ReadAsync((db, token) => Claimed.For(db)(db, claim.JobId, claim.Epoch, token), cancellationToken);

    /// <summary>The environment is there, and nothing is to be started in it: it is found again after a crash.</summary>
    public Task StoreHandleAsync(JobClaim claim, string backend, EnvironmentHandle handle, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(handle, JobJson.Default.EnvironmentHandle);
        return UpdateAsync(claim, WhileWaiting, s => s.SetProperty(j => j.EnvironmentHandle, json).SetProperty(j => j.Backend, backend), cancellationToken);
    }

    /// <summary>The environment is there, and the program may run in it from now on, whatever happens: it is never started in another one
    /// again. One write, for between the two nothing is done: before it the same environment is made, and found, again.</summary>
    public Task IntendStartAsync(
        JobClaim claim, string backend, EnvironmentHandle handle, JobProgram program, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(handle, JobJson.Default.EnvironmentHandle);
        return UpdateAsync(
            claim,
            WhileWaiting,
            s => s.SetProperty(j => j.StartIntended, true)
                .SetProperty(j => j.EnvironmentHandle, json)
                .SetProperty(j => j.Backend, backend)
                .SetProperty(j => j.JobArgs, program.Args)
                .SetProperty(j => j.JobCwd, program.Cwd)
                .SetProperty(j => j.JobEnv, program.MaskedEnvironment)
                .SetProperty(j => j.ScmRevision, program.ScmRevision),
            cancellationToken);
    }

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
        // A program that ended while no host was there ended long before somebody sees it.
        var finished = Now();
        finished = started + end.RunTime is { } ended && ended < finished ? ended : finished;
        var elapsed = started is { } moment ? Math.Round((finished - moment).TotalSeconds, 3) : 0;
        return MoveAsync(
            claim,
            end.Status,
            s => s.SetProperty(j => j.Finished, finished)
                .SetProperty(j => j.ElapsedSeconds, elapsed)
                .SetProperty(j => j.Failed, JobStateMachine.CountsAsFailed(end.Status))
                .SetProperty(j => j.JobExplanation, end.Explanation)
                .SetProperty(j => j.ResultTraceback, end.Traceback)
                .SetProperty(j => j.ExitCode, end.ExitCode)
                .SetProperty(j => j.EventProcessingFinished, true),
            cancellationToken);
    }

    /// <summary>The group refused before the program was started: the job waits its turn again, elsewhere or later.</summary>
    /// <returns>False when the user does not want it any more: it has to end then.</returns>
    public Task<bool> RequeueAsync(JobClaim claim, Requeue requeue, CancellationToken cancellationToken)
    {
        var lost = requeue.EnvironmentLost ? 1 : 0;
        var from = JobStateMachine.Predecessors(JobStatuses.Pending);
        return TryUpdateAsync(
            claim,
            j => j.CanceledOn == null && from.Contains(j.Status),
            s => s.SetProperty(j => j.Status, JobStatuses.Pending)
                .SetProperty(j => j.JobExplanation, requeue.Explanation)
                .SetProperty(j => j.NotBefore, requeue.NotBefore)
                .SetProperty(j => j.StartFailures, j => j.StartFailures + 1)
                .SetProperty(j => j.EnvironmentsLost, j => j.EnvironmentsLost + lost)
                .SetProperty(j => j.RefusedSince, requeue.RefusedSince)
                .SetProperty(j => j.RefusedInstanceGroups, requeue.RefusedInstanceGroups)
                .SetProperty(j => j.Backend, "")
                .SetProperty(j => j.EnvironmentHandle, (string?)null)
                .SetProperty(j => j.StartIntended, false)
                .SetProperty(j => j.DestroyPending, false)
                .SetProperty(j => j.InstanceGroupId, (long?)null)
                .SetProperty(j => j.ExecutionNode, "")
                .SetProperty(j => j.ControllerNode, "")
                .SetProperty(j => j.Attempt, j => j.Attempt + 1),
            cancellationToken);
    }

    /// <summary>It is certain that the program was not started, and why.</summary>
    public Task NotStartedAsync(JobClaim claim, string explanation, CancellationToken cancellationToken) =>
        UpdateAsync(
            claim,
            WhileWaiting,
            s => s.SetProperty(j => j.StartIntended, false).SetProperty(j => j.JobExplanation, explanation),
            cancellationToken);

    /// <summary>Why it waits, for people; the status stays.</summary>
    public Task ExplainAsync(JobClaim claim, string explanation, CancellationToken cancellationToken) =>
        UpdateAsync(claim, JobStateMachine.IsPlaced, s => s.SetProperty(j => j.JobExplanation, explanation), cancellationToken);

    /// <summary>The group lets it wait for room: shown, and counted from its beginning also by the next host.</summary>
    public Task WaitsForRoomAsync(JobClaim claim, string explanation, DateTime since, CancellationToken cancellationToken) =>
        UpdateAsync(
            claim, WhileWaiting, s => s.SetProperty(j => j.JobExplanation, explanation).SetProperty(j => j.RefusedSince, since), cancellationToken);

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
                await JobPhaseRows.AddAsync(db, [new JobPhase { JobId = jobId, Attempt = attempt, Name = JobPhaseNames.Destroyed, At = now }], token);
            }
        }, cancellationToken);
    }

    /// <summary>Whom to tell of it is noted in the same transaction.</summary>
    private async Task MoveAsync(
        JobClaim claim, string to, Action<UpdateSettersBuilder<Job>> set, CancellationToken cancellationToken)
    {
        var areAnyTold = false;
        await RequireAsync(UpdateAsync(
            claim,
            JobStateMachine.MayMoveTo(to),
            s => set(s.SetProperty(j => j.Status, to)),
            async (db, token) =>
            {
                await (JobStateMachine.IsFinal(to) ? LaunchPasswords.ForgetAsync(db, claim.JobId, token) : Task.CompletedTask);
                areAnyTold = await JobNotifications.AddAsync(db, claim.JobId, to, Now(), token);
            },
            cancellationToken), claim);
        notifications.Send(areAnyTold);
    }

    private Task UpdateAsync(
        JobClaim claim, Expression<Func<Job, bool>> condition, Action<UpdateSettersBuilder<Job>> set, CancellationToken cancellationToken) =>
        RequireAsync(TryUpdateAsync(claim, condition, set, cancellationToken), claim);

    private Task<bool> TryUpdateAsync(
        JobClaim claim, Expression<Func<Job, bool>> condition, Action<UpdateSettersBuilder<Job>> set, CancellationToken cancellationToken) =>
        UpdateAsync(claim, condition, set, NothingElse, cancellationToken);

    private static async Task RequireAsync(Task<bool> update, JobClaim claim)
    {
        if (!await update)
        {
            throw new ClaimLostException(claim.JobId);
        }
    }

    private static Task NothingElse(AppDb db, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> UpdateAsync(
        JobClaim claim,
        Expression<Func<Job, bool>> condition,
        Action<UpdateSettersBuilder<Job>> set,
        Func<AppDb, CancellationToken, Task> then,
        CancellationToken cancellationToken)
    {
        var phases = claim.Timeline.Take();
        var stored = false;
        try
        {
            return stored = await retry.RunInTransactionAsync(
                async (db, token) =>
                {
                    var row = db.Jobs.Where(j => j.Id == claim.JobId && j.ClaimEpoch == claim.Epoch).Where(condition);
                    var changed = await row.ExecuteUpdateAsync(set, token) > 0;
                    await JobPhaseRows.AddAsync(db, changed ? phases : [], token);
                    await (changed ? then(db, token) : Task.CompletedTask);
                    return changed;
                },
                cancellationToken);
        }
        finally
        {
            if (!stored)
            {
                claim.Timeline.GiveBack(phases);
            }
        }
    }

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}
