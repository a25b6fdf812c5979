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
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            // Not our caller's wish: the deadline, or a time limit inside the plugin. Passed on, it would look like a host that stops.
            var message = late.IsCancellationRequested
                ? $"Plugin {pluginId} did not answer {member} within {deadline!.Value.TotalSeconds:0} seconds."
                : $"Plugin {pluginId} gave up on {member}: {secrets.RemoveFrom(e.Message)}";
            throw new BackendException(BackendFailureReason.Unreachable, message, isTransient: true, WithoutSecrets(secrets, e));
        }
        catch (Exception e)
        {
            throw Failure(member, secrets, e);
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
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = Run(member, secrets, () => open(stop.Token).GetAsyncEnumerator(stop.Token));
        var moving = false;
        try
        {
            while (await RunAsync(member, secrets, MoveAsync, deadline, cancellationToken))
            {
                yield return items.Current;
            }
        }
        finally
        {
            // An enumerator that still moves was abandoned; disposing of it now would be undefined.
            if (!Volatile.Read(ref moving))
            {
                await DisposeAsync(member, secrets, items);
            }
        }

        async Task<bool> MoveAsync(CancellationToken token)
        {
            Volatile.Write(ref moving, true);
            using (token.Register(stop.Cancel))
            {
                try
                {
                    return await items.MoveNextAsync();
                }
                finally
                {
                    Volatile.Write(ref moving, false);
                }
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
