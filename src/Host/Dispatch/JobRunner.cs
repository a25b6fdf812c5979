using ContainerGroups.Abstractions;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Jobs;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Takes one claimed job from where it is to its end: the order of steps, top to bottom. Any of them may be the last before a
/// crash; the next runner starts at the top again and finds what was done.
/// </summary>
internal sealed partial class JobRunner(
    JobStore store, JobStart start, JobFollow follow, IOptions<DispatchOptions> options, TimeProvider clock, ILogger<JobRunner> logger)
{
    /// <summary>Runs the job until it has ended, has gone back to the queue, or is another runner's; or until the host stops, and then
    /// the job lives on.</summary>
    /// <returns>What is to be removed; null when nobody here knows.</returns>
    public async Task<LeftEnvironment?> RunAsync(RunningJob running)
    {
        var job = await store.FindAsync(running.Claim, running.LetGo);
        if (job is null)
        {
            return null;
        }

        if (job.CanceledOn is not null)
        {
            running.Cancel();
        }

        var step = new JobStep(job, running.Claim, running.CancelRequested, running.LetGo);
        var end = await TryRunAsync(step);
        if (end is null)
        {
            return null;
        }

        await store.FinishAsync(step.Claim, step.Started, end, running.LetGo);
        LogEnded(job.Id, end.Status, end.Explanation.Length == 0 ? "" : $". {end.Explanation}");
        return step is { IsAimed: true, Handle: { } handle } ? new LeftEnvironment(step.Backend, step.Target, handle, job.Attempt) : null;
    }

    /// <returns>How the job ended; null when it went back to the queue.</returns>
    private async Task<JobEnd?> TryRunAsync(JobStep step)
    {
        try
        {
            // Once the program may have been started, the environment alone knows; before that, everything is repeatable.
            if (!step.Job.StartIntended || !await follow.FindAsync(step))
            {
                await start.RunAsync(step);
            }

            return await follow.RunAsync(step);
        }
        catch (JobCanceledException)
        {
            return JobEnd.Canceled;
        }
        catch (ProgramBuildException exception)
        {
            return JobEnd.Failed(exception.Message);
        }
        catch (MayHaveRunException) when (step.CancelRequested.IsCancellationRequested)
        {
            // How far it ran matters to nobody: it has ended, as was wanted.
            return JobEnd.Canceled;
        }
        catch (MayHaveRunException exception)
        {
            return JobEnd.Error(exception.Message);
        }
        catch (BackendException exception)
        {
            return await NotStartedAsync(step, exception);
        }
    }

    /// <summary>The table of design section 5, left column.</summary>
    /// <returns>The end; null when the job went back to the queue.</returns>
    private async Task<JobEnd?> NotStartedAsync(JobStep step, BackendException failure)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var job = step.Job;
        LogNotStarted(job.Id, failure.Reason, failure.Message);
        var refusedFor = now - (step.RefusedSince ??= now);
        var action = StartFailures.Decide(failure, job.EnvironmentsLost, refusedFor, options.Value);
        if (action == StartFailureAction.GiveUp)
        {
            return JobEnd.Error(StartFailures.Explain(failure, job.JobType));
        }

        // A runner that has been cut off must not remove what belongs to the next one: this throws when the claim is lost. And once the
        // environment is removed, nobody could say any more that nothing was started in it.
        await store.NotStartedAsync(step.Claim, failure.Message, step.Stopping);
        // What was made goes before the job may go elsewhere.
        await start.UndoAsync(step);
        step.Claim.Timeline.Mark(JobPhaseNames.Refused, failure.Message);
        var preferred = job.PreferredInstanceGroups.OrderBy(g => g.Position).Select(g => g.InstanceGroupId).ToList();
        var refused = RefusedGroups.Parse(job.RefusedInstanceGroups);
        if (action == StartFailureAction.TryElsewhere && job.InstanceGroupId is { } group)
        {
            refused = refused.With(group, now + StartFailures.Delay(job.StartFailures, failure.RetryAfter, options.Value));
        }

        var requeued = await store.RequeueAsync(
            step.Claim,
            new Requeue
            {
                Explanation = failure.Message,
                RefusedInstanceGroups = refused.ToJson(),
                RefusedSince = step.RefusedSince.Value,
                EnvironmentLost = action == StartFailureAction.NewAttempt,
                NotBefore = refused.NotBefore(preferred, now),
            },
            step.Stopping);
        return requeued ? null : JobEnd.Canceled;
    }

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} ended: {Status}{Explanation}")]
    private partial void LogEnded(long jobId, string status, string explanation);

    [LoggerMessage(2, LogLevel.Warning, "Job {JobId} was not started: {Reason}: {Message}")]
    private partial void LogNotStarted(long jobId, BackendFailureReason reason, string message);
}
