using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Watching;

/// <summary>How a pod was when it was last seen.</summary>
/// <param name="Pod">Null when there is no such pod.</param>
/// <param name="Changed">Completes when it has changed since.</param>
internal readonly record struct PodSighting(Pod? Pod, Task Changed)
{
    /// <summary>Returns when the pod has changed, or so much time has passed.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Changed, Task.Delay(atMost, clock, patience.Token));
        await patience.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
