using System.Net;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Watching;

/// <summary>
/// The one list and watch of a credential and namespace, which feeds every job there. It runs while somebody holds a pod and a while
/// longer; it resumes where it was cut off, and lists anew when that is too long ago. Where watching is not allowed it lists now and then.
/// </summary>
internal sealed class NamespaceWatch(KubernetesApi api, string @namespace, string selector, PluginContext context)
{
    /// <summary>Between two lists, where the Role has no <c>watch</c>.</summary>
    public static readonly TimeSpan ListPeriod = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    /// <summary>Lists after which it is tried again whether watching is allowed by now.</summary>
    private const int ListsUntilRetry = 100;

    /// <summary>How long it goes on for nobody: the next job is likely to come.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly SeenPods _pods = new();
    private TaskCompletionSource _synced = NewSource();
    private CancellationTokenSource? _running;
    private int _holders;
    private long _unheldSince;
    private int _lists;

    /// <summary>Up to where the changes are known; empty when a list has to come first.</summary>
    private string _version = "";

    /// <summary>Whether the last attempt to watch was refused, so that pods are listed instead.</summary>
    public bool WatchRefused { get; private set; }

    /// <summary>The token is not accepted any more, so that nothing is seen through it, and since when that is known; null while it is.</summary>
    public (ApiException Failure, long At)? Refusal { get; private set; }

    /// <summary>Begins to follow a pod, until the answer is disposed.</summary>
    public PodFollowing Follow(string name)
    {
        lock (_lock)
        {
            _holders++;
            if (_running is null)
            {
                _running = new CancellationTokenSource();
                _ = Task.Run(() => RunAsync(_running));
            }
        }

        var hold = _pods.Hold(name);
        return new PodFollowing(this, _pods, name, () =>
        {
            hold.Dispose();
            Release();
        });
    }

    /// <summary>Completes when what is seen is known to be what is there; fails as the cluster did when it can't be asked.</summary>
    public Task SyncedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _synced.Task.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Release()
    {
        lock (_lock)
        {
            _holders--;
            _unheldSince = context.Clock.GetTimestamp();
        }
    }

    private async Task RunAsync(CancellationTokenSource running)
    {
        var delay = FirstDelay;
        _version = "";
        while (!TryStop(running))
        {
            var known = _version;
            try
            {
                if (_version.Length == 0)
                {
                    await ListAsync(running.Token);
                }

                await (WatchRefused ? WaitToListAsync(running.Token) : WatchAsync(running.Token));
                // A server that ends every watch at once must not be asked without pause.
                await PauseAsync(WatchRefused ? TimeSpan.Zero : FirstDelay, running.Token);
                delay = FirstDelay;
            }
            catch (OperationCanceledException) when (running.IsCancellationRequested)
            {
                return;
            }
            catch (ApiException exception)
            {
                // What has brought something before it failed is not away.
                delay = _version != known ? FirstDelay : delay;
                _version = exception.IsExpired ? "" : _version;
                WatchRefused |= exception.StatusCode == HttpStatusCode.Forbidden && IsSynced;
                Fail(exception);
                await PauseAsync(exception.IsExpired ? TimeSpan.Zero : exception.RetryAfter > delay ? exception.RetryAfter.Value : delay, running.Token);
                delay = Longer(delay);
            }
            catch (Exception exception)
            {
                context.Log.Write(PluginLogLevel.Error, $"The watch of the pods in namespace {@namespace} failed; it begins anew.", exception);
                _version = "";
                await PauseAsync(delay, running.Token);
                delay = Longer(delay);
            }
        }
    }

    private bool IsSynced
    {
        get
        {
            lock (_lock)
            {
                return _synced.Task.IsCompletedSuccessfully;
            }
        }
    }

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < LongestDelay ? delay * 2 : LongestDelay;

    /// <summary>Nobody has followed a pod for a while.</summary>
    private bool TryStop(CancellationTokenSource running)
    {
        lock (_lock)
        {
            if (_holders > 0 || context.Clock.GetElapsedTime(_unheldSince) < Idle)
            {
                return false;
            }

            _running = null;
            _synced = NewSource();
            running.Cancel();
            return true;
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var askedAt = context.Clock.GetUtcNow();
        var list = await api.ListPodsAsync(@namespace, selector, cancellationToken);
        _pods.Replace(list.Pods, askedAt);
        lock (_lock)
        {
            if (_synced.Task.IsFaulted)
            {
                _synced = NewSource();
            }

            _synced.TrySetResult();
        }

        _version = list.ResourceVersion;
        Refusal = null;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in api.WatchPodsAsync(@namespace, selector, _version, cancellationToken))
        {
            switch (change.Type)
            {
                case PodChangeType.Added or PodChangeType.Modified:
                    _pods.Saw(change.Pod!);
                    break;
                case PodChangeType.Deleted:
                    _pods.Deleted(change.Pod!);
                    break;
            }

            _version = change.ResourceVersion;
            Refusal = null;
        }
    }

    private async Task WaitToListAsync(CancellationToken cancellationToken)
    {
        await PauseAsync(ListPeriod, cancellationToken);
        WatchRefused = ++_lists % ListsUntilRetry != 0;
        _version = "";
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        Task.Delay(pause, context.Clock, cancellationToken);

    /// <summary>Who waits for the first look hears why it fails; who has had it goes on with what was seen, unless the token is refused.</summary>
    private void Fail(ApiException exception)
    {
        if (exception.StatusCode == HttpStatusCode.Unauthorized)
        {
            Refusal = (exception, context.Clock.GetTimestamp());
            _pods.Wake();
        }

        lock (_lock)
        {
            if (!_synced.Task.IsCompletedSuccessfully)
            {
                _synced.TrySetException(exception);
                _ = _synced.Task.Exception;
                _synced = NewSource();
            }
        }
    }
}
