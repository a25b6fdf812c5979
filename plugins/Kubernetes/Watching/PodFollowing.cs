using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Watching;

/// <summary>One pod, followed by its name.</summary>
internal sealed class PodFollowing(NamespaceWatch watch, SeenPods pods, string name, Action release) : IDisposable
{
    private int _released;

    /// <summary>How it was last seen; trustworthy about absence only after <see cref="SyncedAsync"/>.</summary>
    public PodSighting Now => pods.Look(name);

    /// <summary>Completes when the watch has had its first look.</summary>
    /// <exception cref="ApiException">The cluster could not be asked.</exception>
    public Task SyncedAsync(CancellationToken cancellationToken) => watch.SyncedAsync(cancellationToken);

    /// <summary>Why nothing of it will be seen any more, and since when; null while something may be.</summary>
    public (ApiException Failure, long At)? Refusal => watch.Refusal;

    /// <summary>Tells of the pod as an answer to a request showed it, in case the watch has not got there yet.</summary>
    public void Heard(Pod pod) => pods.Heard(pod);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            release();
        }
    }
}
