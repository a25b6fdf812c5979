using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.Watching;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>A pod of ours and the way to it.</summary>
/// <param name="Api">The group's view of its cluster.</param>
/// <param name="Pod">Which pod.</param>
/// <param name="Watch">What is seen of its namespace.</param>
/// <param name="Execs">Runs commands in it.</param>
internal sealed record PodPlace(KubernetesApi Api, PodHandle Pod, NamespaceWatch Watch, PodExecs Execs)
{
    /// <summary>For messages.</summary>
    public string Name => $"pod {Pod.Name} in namespace {Pod.Namespace}";

    public Task<ExecSession> ExecAsync(IReadOnlyList<string> command, bool stdin, CancellationToken cancellationToken) =>
        Execs.OpenAsync(Api, Pod, command, stdin, cancellationToken);

    /// <summary>Asks the cluster itself, for what was seen may be old.</summary>
    /// <returns>Null when the pod is gone, its name perhaps taken by another.</returns>
    public async Task<Pod?> FindAsync(CancellationToken cancellationToken) =>
        await Api.FindPodAsync(Pod.Namespace, Pod.Name, cancellationToken) is { } found && found.Uid == Pod.Uid ? found : null;

    /// <summary>The pod as the watch last saw it, which asks nothing of the cluster; only its absence is confirmed there.</summary>
    public async Task<Pod?> SeeAsync(CancellationToken cancellationToken)
    {
        using var following = Watch.Follow(Pod.Name);
        await following.SyncedAsync(cancellationToken);
        return following.Now.Pod is { } seen && seen.Uid == Pod.Uid ? seen : await FindAsync(cancellationToken);
    }
}
