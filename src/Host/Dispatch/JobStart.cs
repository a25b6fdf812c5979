using ContainerGroups.Abstractions;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Jobs;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>The first half of a job: an environment, a payload in it, a program that runs.</summary>
internal sealed partial class JobStart(
    JobStore store,
    GroupTargets targets,
    ProgramBuilder programs,
    JobImages images,
    PersistentCalls calls,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<JobStart> logger)
{
    /// <exception cref="BackendException">The program was not started.</exception>
    /// <exception cref="ProgramBuildException">There is no program that could be started.</exception>
    /// <exception cref="MayHaveRunException">Nobody knows whether it was started.</exception>
    /// <exception cref="JobCanceledException">The user did not want it any more; the environment is still to be removed.</exception>
    public async Task RunAsync(JobStep step)
    {
        ThrowIfCanceled(step);
        await step.AimAsync(targets, step.Stopping);
        // First what costs nothing: a missing playbook needs no environment.
        await using var program = await BuildAsync(step);
        var watch = new ProvisionWatch(step.Claim.Timeline);
        await ProvisionAsync(step, watch);
        await StartAsync(step, program, watch);
        step.Claim.Timeline.Mark(JobPhaseNames.Started);
        step.Started = await store.RunningAsync(step.Claim, step.Started, step.Stopping);
    }

    /// <summary>Removes what was made. Should that fail, the sweeper repeats it.</summary>
    public async Task UndoAsync(JobStep step)
    {
        if (!step.IsAimed)
        {
            return;
        }

        try
        {
            // What was refused may have been the credential, which may be another one by now.
            await step.AimAnewAsync(targets, step.Stopping);
            // An environment may be there though nobody got to know its handle.
            var handle = step.Handle ?? await EnvironmentSearch.FindAsync(step.Backend, step.Target, step.Job, step.Stopping);
            if (handle is not null)
            {
                await step.Backend.DestroyAsync(handle, step.Target, step.Stopping);
            }
        }
        catch (BackendException exception)
        {
            LogNotDestroyed(step.Job.Id, exception.Message);
        }
    }

    /// <summary>The project's files may have to be fetched first, from a server that takes its time or never answers.</summary>
    private async Task<JobProgram> BuildAsync(JobStep step)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(step.Stopping, step.CancelRequested);
        try
        {
            return await programs.BuildAsync(step.Job, step.Credentials, giveUp.Token);
        }
        catch (OperationCanceledException) when (step.CancelRequested.IsCancellationRequested && !step.Stopping.IsCancellationRequested)
        {
            throw new JobCanceledException();
        }
    }

    private async Task ProvisionAsync(JobStep step, ProvisionWatch watch)
    {
        var image = await images.ResolveAsync(step.Job, step.Stopping);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(step.Stopping, step.CancelRequested);
        var provision = step.Backend.ProvisionAsync(step.ProvisionRequest(watch, image), giveUp.Token);
        EnvironmentProgress? waited = null;
        ITimer? patience = null;
        try
        {
            while (await Task.WhenAny(provision, watch.NextWait()) != provision)
            {
                waited = await watch.NextWait();
                watch.Seen();
                step.RefusedSince ??= clock.GetUtcNow().UtcDateTime;
                await store.WaitsForRoomAsync(step.Claim, waited.Detail, step.RefusedSince.Value, step.Stopping);
                // The environment is kept meanwhile, so that whoever makes room (an autoscaler) sees what it is for.
                patience ??= clock.CreateTimer(_ => giveUp.Cancel(), null, Patience(step), Timeout.InfiniteTimeSpan);
            }

            step.Handle = await provision;
        }
        catch (OperationCanceledException) when (step.CancelRequested.IsCancellationRequested && !step.Stopping.IsCancellationRequested)
        {
            throw new JobCanceledException();
        }
        catch (OperationCanceledException exception) when (waited is not null && !step.Stopping.IsCancellationRequested)
        {
            throw new BackendException(waited.WaitingFor!.Value, waited.Detail, isTransient: true, exception);
        }
        finally
        {
            patience?.Dispose();
            // Whatever ended the wait: nobody is left who goes on making the environment behind the back of the next try.
            await giveUp.CancelAsync();
            await ((Task)provision).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How long room is waited for here: a while when there is another group to try, else as long as a job may wait at all.</summary>
    private TimeSpan Patience(JobStep step)
    {
        var left = options.Value.PendingTimeout - (clock.GetUtcNow().UtcDateTime - step.RefusedSince!.Value);
        var patience = step.Job.PreferredInstanceGroups.Count > 1 && options.Value.FallbackAfter < left ? options.Value.FallbackAfter : left;
        return patience > TimeSpan.Zero ? patience : TimeSpan.Zero;
    }

    private async Task StartAsync(JobStep step, JobProgram program, ProvisionWatch watch)
    {
        if (step.CancelRequested.IsCancellationRequested)
        {
            await store.StoreHandleAsync(step.Claim, step.Backend.Name, step.Handle!, step.Stopping);
            throw new JobCanceledException();
        }

        await store.IntendStartAsync(step.Claim, step.Backend.Name, step.Handle!, program, step.Stopping);
        step.MayRunSince ??= clock.GetUtcNow().UtcDateTime;
        try
        {
            await step.Backend.StartAsync(step.Handle!, step.Target, step.StartRequest(program, watch, options.Value), step.Stopping);
        }
        catch (BackendException exception) when (!IsRefusedForGood(step, exception))
        {
            // Whether the program runs, only the environment can say now.
            var state = await calls.AskAsync(step);
            if (state == EnvironmentState.NotStarted)
            {
                throw;
            }

            if (state == EnvironmentState.Lost)
            {
                throw new MayHaveRunException($"The environment was lost while the program was being started, so it may have run: {exception.Message}");
            }
        }
    }

    /// <summary>Refused in the first call that could have started it: nothing runs, and the question what does would be refused just so. The
    /// job ends by it and is not tried again.</summary>
    private static bool IsRefusedForGood(JobStep step, BackendException failure) =>
        failure is { Reason: BackendFailureReason.Forbidden, IsTransient: false } && !step.Job.StartIntended;

    private static void ThrowIfCanceled(JobStep step)
    {
        if (step.CancelRequested.IsCancellationRequested)
        {
            throw new JobCanceledException();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The environment of job {JobId} is left to the sweeper: {Message}")]
    private partial void LogNotDestroyed(long jobId, string message);
}
