using ContainerGroups.Abstractions;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>The second half of a job: a program that runs, or has run, and what became of it.</summary>
internal sealed partial class JobFollow(
    JobStore store,
    JobOutputs outputs,
    OutputCopier copier,
    OutcomeExplainer explainer,
    PersistentCalls calls,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<JobFollow> logger)
{
    /// <summary>How long a canceled job whose environment can't be reached is waited for; its environment is removed later all the same.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(30);

    /// <summary>Finds the environment that an earlier runner left.</summary>
    /// <returns>Whether its program has been started.</returns>
    /// <exception cref="MayHaveRunException">It is gone.</exception>
    public async Task<bool> FindAsync(JobStep step)
    {
        step.MayRunSince ??= clock.GetUtcNow().UtcDateTime;
        await calls.AimAsync(step);
        var state = step.Handle is null ? EnvironmentState.Lost : await calls.AskAsync(step);
        step.Claim.Timeline.Mark(JobPhaseNames.Reattached, $"the environment is {state}");
        LogReattached(step.Job.Id, state, step.Job.SpoolOffset);
        switch (state)
        {
            case EnvironmentState.NotStarted when step.Started is null:
                return false;
            case EnvironmentState.NotStarted:
            case EnvironmentState.Lost:
                throw new MayHaveRunException("The environment of this job is gone, and with it how its program ended; launch it again if it may run twice.");
            default:
                await ShowRunningAsync(step);
                return true;
        }
    }

    /// <summary>Copies the output until the program has ended, ending it when the user wants that.</summary>
    public async Task<JobEnd> RunAsync(JobStep step)
    {
        await using var output = await outputs.OpenAsync(step.Job, step.Claim.Epoch, JobSecrets.Of(step.Credentials), step.Stopping);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(step.Stopping);
        using var unreachable = new CancellationTokenSource();
        var ending = EndWhenAskedAsync(step, unreachable, following.Token);
        try
        {
            var exit = await copier.CopyAsync(step, output, unreachable.Token);
            return await JudgeAsync(step, exit) with { RunTime = exit.RunTime };
        }
        catch (OperationCanceledException) when (unreachable.IsCancellationRequested && !step.Stopping.IsCancellationRequested)
        {
            await output.CompleteAsync(step.Stopping);
            return Canceled(await ending);
        }
        catch (BackendException exception)
        {
            // Nothing more comes: what was read is kept, its last words above all.
            await output.CompleteAsync(step.Stopping);
            return step.CancelRequested.IsCancellationRequested ? Canceled(await ending) : JobEnd.Error(exception.Message);
        }
        finally
        {
            await following.CancelAsync();
            await ending;
        }
    }

    /// <summary>After a restart nearly every job is shown so already, and a write for each of thousands would hold up all of them. Opening
    /// the output looks at the claim again.</summary>
    private async Task ShowRunningAsync(JobStep step)
    {
        if (step.Job is not { Status: JobStatuses.Running, Started: not null })
        {
            step.Started = await store.RunningAsync(step.Claim, step.Started, step.Stopping);
        }
        else if (step.Job.JobExplanation.Length > 0)
        {
            // Only the text of an outage is outdated: a second move to running would be told as a second start.
            await store.ExplainAsync(step.Claim, "", step.Stopping);
        }
    }

    private static JobEnd Canceled(string notStopped) => notStopped.Length == 0
        ? JobEnd.Canceled
        : JobEnd.Canceled with { Explanation = $"{notStopped} Its environment is removed as soon as it can be." };

    private async Task<JobEnd> JudgeAsync(JobStep step, JobExit exit)
    {
        if (step.CancelRequested.IsCancellationRequested)
        {
            return JobEnd.Canceled;
        }

        if (exit.TimedOut)
        {
            return JobEnd.Failed("Job terminated due to timeout");
        }

        if (exit.OutOfMemory)
        {
            return JobEnd.Failed($"The program was killed because its environment ran out of memory (OOMKilled). {exit.Detail}".TrimEnd());
        }

        if (exit.Signal is { } signal and <= 64)
        {
            return JobEnd.Failed($"The program was ended by signal {signal}.");
        }

        var explanation = await explainer.ExplainAsync(step.Job, exit.ExitCode, step.Stopping);
        return (exit.ExitCode == 0 ? JobEnd.Successful with { Explanation = explanation } : JobEnd.Failed(explanation)) with { ExitCode = exit.ExitCode };
    }

    /// <summary>Waits for the user's wish and carries it out; where it can't, it says so and lets the job end without.</summary>
    /// <returns>Why the program could not be stopped; empty when it was, or nobody asked.</returns>
    private async Task<string> EndWhenAskedAsync(JobStep step, CancellationTokenSource unreachable, CancellationToken following)
    {
        try
        {
            using var asked = CancellationTokenSource.CreateLinkedTokenSource(step.CancelRequested, following);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, asked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (following.IsCancellationRequested)
            {
                return "";
            }

            step.Claim.Timeline.Mark(JobPhaseNames.CancelRequested);
            using var patience = new CancellationTokenSource(options.Value.CancelGrace + CancelPatience, clock);
            using var registration = patience.Token.Register(unreachable.Cancel);
            await calls.RunAsync(step, token => CancelAsync(step, token), unreachable.Token);
            // The program has ended: what it printed is read to its end, however long that takes.
            await registration.DisposeAsync();
            return "";
        }
        catch (OperationCanceledException)
        {
            // The job ended by itself, the host stops, or nobody answered in time.
            return "The program could not be reached to stop it.";
        }
        catch (Exception exception) when (exception is BackendException or ClaimLostException)
        {
            LogNotCanceled(step.Job.Id, exception.Message);
            await unreachable.CancelAsync();
            return $"The program could not be stopped: {exception.Message}";
        }
    }

    private async Task<bool> CancelAsync(JobStep step, CancellationToken cancellationToken)
    {
        await step.Backend.CancelAsync(step.Handle!, step.Target, options.Value.CancelGrace, cancellationToken);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} found again: {State}, its spool stored up to byte {SpoolOffset}")]
    private partial void LogReattached(long jobId, EnvironmentState state, long spoolOffset);

    [LoggerMessage(2, LogLevel.Warning, "Job {JobId} could not be stopped: {Message}")]
    private partial void LogNotCanceled(long jobId, string message);
}
