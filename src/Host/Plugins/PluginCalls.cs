using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// The line between the host and one plugin's code. Whatever happens beyond it, the caller sees a result, a
/// <see cref="BackendException"/>, or an <see cref="OperationCanceledException"/> of its own token; never later than the deadline.
/// </summary>
internal sealed partial class PluginCalls(string pluginId, TimeProvider clock, ILogger logger)
{
    /// <summary>How long a call may go on after its token was canceled, to put down properly what it holds.</summary>
    public static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(10);

    /// <summary>A call that does no I/O.</summary>
    public T Run<T>(string member, CallSecrets secrets, Func<T> call)
    {
        try
        {
            return call() ?? throw new InvalidOperationException("it returned null.");
        }
        catch (Exception e)
        {
            throw Failure(member, secrets, e);
        }
    }

    public async Task RunAsync(
        string member, CallSecrets secrets, Func<CancellationToken, Task> call, TimeSpan? deadline, CancellationToken cancellationToken) =>
        await RunAsync<object>(
            member,
            secrets,
            async token =>
            {
                await call(token);
                return call;
            },
            deadline,
            cancellationToken);

    public async Task<T> RunAsync<T>(
        string member,
        CallSecrets secrets,
        Func<CancellationToken, Task<T>> call,
        TimeSpan? deadline,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var late = deadline is { } time ? new CancellationTokenSource(time, clock) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            // On a thread of its own: a plugin that blocks before its first await must not hold the caller beyond the deadline.
            var running = Task.Run(() => call(stop.Token), CancellationToken.None);
            return await EndOrAbandonAsync(running, stop.Token) ?? throw new InvalidOperationException("it returned null.");
        }
        catch (Exception e)
        {
            throw Translated(member, secrets, e, late.IsCancellationRequested ? deadline : null, cancellationToken);
        }
    }

    /// <summary>Reads a stream of the plugin; the deadline, if any, holds for each item.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string member,
        CallSecrets secrets,
        Func<CancellationToken, IAsyncEnumerable<T>> open,
        TimeSpan? deadline,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        var items = Run(member, secrets, () => open(stop.Token).GetAsyncEnumerator(stop.Token));
        await using var pump = new StreamPump<T>(items, stop, deadline, AbandonAfter, clock);
        await using var registration = cancellationToken.UnsafeRegister(static pump => ((StreamPump<T>)pump!).Stop(), pump);
        try
        {
            while (await MoveAsync())
            {
                yield return items.Current;
            }
        }
        finally
        {
            // An enumerator that still moves was abandoned; disposing of it now would be undefined.
            if (pump.IsMoving)
            {
                LogAbandoned(pluginId);
            }
            else
            {
                await DisposeAsync(member, secrets, items);
            }
        }

        async ValueTask<bool> MoveAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await pump.MoveAsync();
            }
            catch (Exception e)
            {
                throw Translated(member, secrets, e, pump.IsLate ? deadline : null, cancellationToken);
            }
        }
    }

    private async Task<T> EndOrAbandonAsync<T>(Task<T> running, CancellationToken stop)
    {
        try
        {
            return await running.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(AbandonAfter, clock, CancellationToken.None));
            if (running.IsCompleted)
            {
                return await running;
            }

            LogAbandoned(pluginId);
            _ = running.ContinueWith(late => late.Exception, TaskScheduler.Default);
            throw;
        }
    }

    private async Task DisposeAsync<T>(string member, CallSecrets secrets, IAsyncEnumerator<T> items)
    {
        try
        {
            await items.DisposeAsync();
        }
        catch (Exception e)
        {
            // What was read is good; a failure while closing changes nothing for the caller.
            LogFault(pluginId, member, secrets.RemoveFrom(e.ToString()));
        }
    }

    /// <summary>What the caller sees of an exception out of a call.</summary>
    /// <param name="member">What was called.</param>
    /// <param name="secrets">What must not be told.</param>
    /// <param name="e">The exception.</param>
    /// <param name="missed">The deadline, when it has passed.</param>
    /// <param name="cancellationToken">The caller's.</param>
    private Exception Translated(string member, CallSecrets secrets, Exception e, TimeSpan? missed, CancellationToken cancellationToken)
    {
        if (e is not OperationCanceledException)
        {
            return Failure(member, secrets, e);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellationToken);
        }

        // Not our caller's wish: the deadline, or a time limit inside the plugin. Passed on, it would look like a host that stops.
        var message = missed is { } time
            ? $"Plugin {pluginId} did not answer {member} within {time.TotalSeconds:0} seconds."
            : $"Plugin {pluginId} gave up on {member}: {secrets.RemoveFrom(e.Message)}";
        return new BackendException(BackendFailureReason.Unreachable, message, isTransient: true, WithoutSecrets(secrets, e));
    }

    private BackendException Failure(string member, CallSecrets secrets, Exception e)
    {
        if (e is BackendException failure)
        {
            return !secrets.AreIn(failure.ToString())
                ? failure
                : new BackendException(failure.Reason, secrets.RemoveFrom(failure.Message), failure.IsTransient)
                {
                    RetryAfter = failure.RetryAfter,
                };
        }

        LogFault(pluginId, member, secrets.RemoveFrom(e.ToString()));
        return new BackendException(
            BackendFailureReason.Unknown,
            $"Plugin {pluginId} failed in {member}: {secrets.RemoveFrom(e.Message)}",
            innerException: WithoutSecrets(secrets, e));
    }

    private static Exception? WithoutSecrets(CallSecrets secrets, Exception e) => secrets.AreIn(e.ToString()) ? null : e;

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Plugin {PluginId} failed in {Member} with an exception that its contract does not allow: {Fault}")]
    private partial void LogFault(string pluginId, string member, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Plugin {PluginId} went on after it was told to stop; its call was abandoned.")]
    private partial void LogAbandoned(string pluginId);
}
