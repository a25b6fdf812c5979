using ContainerGroups.Abstractions;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Jobs;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Calls a backend about a program that may run, again and again while the other side is away: such a job is neither failed nor run
/// again for that. It ends only when its environment is known to be lost, or its own time limit has passed.
/// </summary>
internal sealed class PersistentCalls(JobStore store, GroupTargets targets, TimeProvider clock, IOptions<DispatchOptions> options)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>How long a job that its user has canceled is looked for; its environment is removed later all the same.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(30);

    /// <param name="step">The job.</param>
    /// <param name="call">Repeatable.</param>
    /// <param name="giveUp">Ends the waiting besides the host's stop.</param>
    /// <returns>What the call gave.</returns>
    /// <exception cref="BackendException">The environment is lost, or the time limit has passed.</exception>
    public Task<T> RunAsync<T>(JobStep step, Func<CancellationToken, Task<T>> call, CancellationToken giveUp) =>
        // Such a call may go on for as long as the program does: that the other side is back has to be learned from a short one.
        RunAsync(step, call, token => step.Backend.ReattachAsync(step.Handle!, step.Target, token), giveUp);

    /// <param name="step">The job.</param>
    /// <param name="call">Repeatable.</param>
    /// <param name="knock">What is called before the call is repeated, to see whether anybody answers; null where the call itself is short.</param>
    /// <param name="giveUp">Ends the waiting besides the host's stop.</param>
    private async Task<T> RunAsync<T>(
        JobStep step, Func<CancellationToken, Task<T>> call, Func<CancellationToken, Task>? knock, CancellationToken giveUp)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(step.Stopping, giveUp);
        var delay = FirstDelay;
        var explained = "";
        var unwanted = default(long?);
        for (var again = false; ; again = true)
        {
            var began = clock.GetTimestamp();
            try
            {
                if (again && step.IsAimed)
                {
                    // The token that was refused, or the address, may have been changed since.
                    await step.AimAnewAsync(targets, either.Token);
                }

                if (explained.Length > 0 && knock is not null)
                {
                    await knock(either.Token);
                    await store.ExplainAsync(step.Claim, "", step.Stopping);
                    explained = "";
                }

                var result = await call(either.Token);
                if (explained.Length > 0)
                {
                    await store.ExplainAsync(step.Claim, "", step.Stopping);
                }

                return result;
            }
            catch (BackendException exception) when (MayPass(exception) && !IsOver(step))
            {
                if (clock.GetElapsedTime(began) > LongestDelay)
                {
                    // It went well for a while: this is another failure, not the same one.
                    (unwanted, delay) = (null, FirstDelay);
                }

                unwanted ??= step.CancelRequested.IsCancellationRequested ? clock.GetTimestamp() : null;
                if (unwanted is { } since && clock.GetElapsedTime(since) > CancelPatience)
                {
                    throw;
                }

                if (explained != exception.Message)
                {
                    explained = exception.Message;
                    await store.ExplainAsync(step.Claim, explained, step.Stopping);
                }

                await Task.Delay(exception.RetryAfter is { } asked && asked > delay ? asked : delay, clock, either.Token);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    /// <summary>What has become of an environment whose program may have been started.</summary>
    /// <exception cref="MayHaveRunException">That can't be learned any more.</exception>
    /// <exception cref="JobCanceledException">The user did not want to wait for it.</exception>
    public Task<EnvironmentState> AskAsync(JobStep step) =>
        SettleAsync(step, token => step.Backend.ReattachAsync(step.Handle!, step.Target, token));

    /// <summary>Finds the backend of a job that may run on it; a plugin that is missing now may be back later.</summary>
    /// <exception cref="MayHaveRunException">The job's group is gone.</exception>
    /// <exception cref="JobCanceledException">The user did not want to wait for it.</exception>
    public Task AimAsync(JobStep step) =>
        SettleAsync(step, async token =>
        {
            await step.AimAsync(targets, token);
            return true;
        });

    private async Task<T> SettleAsync<T>(JobStep step, Func<CancellationToken, Task<T>> call)
    {
        // What the user does not want any more may be running all the same, and is asked for: only then can it be stopped politely.
        using var giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var registration = step.CancelRequested.Register(() => giveUp.CancelAfter(CancelPatience));
        try
        {
            return await RunAsync(step, call, null, giveUp.Token);
        }
        catch (BackendException exception)
        {
            throw new MayHaveRunException(exception.Message);
        }
        catch (OperationCanceledException) when (!step.Stopping.IsCancellationRequested)
        {
            throw new JobCanceledException();
        }
    }

    private static bool MayPass(BackendException exception) =>
        exception.IsTransient || exception.Reason is BackendFailureReason.Unreachable or BackendFailureReason.Unauthorized or BackendFailureReason.Forbidden;

    private bool IsOver(JobStep step) =>
        step.Deadline(options.Value.CancelGrace + options.Value.HostSilentAfter) is { } deadline && clock.GetUtcNow().UtcDateTime > deadline;
}
