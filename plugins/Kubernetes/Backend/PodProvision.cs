using System.Net;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.PodSpecs;
using ContainerGroups.Kubernetes.Watching;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Makes a job's pod, or finds it where an earlier call or server has made it, and waits until it can take the job.</summary>
internal sealed class PodProvision(
    KubernetesApi api, NamespaceWatch watch, EffectivePod effective, KubernetesSettings settings, IProgress<EnvironmentProgress>? progress, TimeProvider clock)
{
    /// <summary>How often a name is tried whose pod is just being deleted, or whose creation gave no answer.</summary>
    private const int MostTries = 5;

    private readonly string _name = effective.Name;
    private readonly string _where = $"pod {effective.Name} in namespace {effective.Namespace}";

    public async Task<PodHandle> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var following = watch.Follow(_name);
            // The first look of the watch goes on while the pod is made.
            var pod = await CreateOrFindAsync(following, cancellationToken);
            following.Heard(pod);
            progress?.Report(new EnvironmentProgress { Phase = EnvironmentPhases.EnvironmentCreated, Detail = _where });
            await following.SyncedAsync(cancellationToken);
            await new PodStart(api, following, effective, settings, new PodPhases(progress), clock).WaitAsync(pod, cancellationToken);
            return PodHandle.Of(pod, effective.WorkerContainer);
        }
        catch (ApiException exception)
        {
            throw exception.ToBackendException($"create {_where}");
        }
    }

    private async Task<Pod> CreateOrFindAsync(PodFollowing following, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await api.CreatePodAsync(effective.Namespace, effective.Pod, cancellationToken);
            }
            catch (ApiException exception) when (tries < MostTries && IsThereOrUnknown(exception))
            {
                var found = await api.FindPodAsync(effective.Namespace, _name, cancellationToken);
                if (found is { DeletedAt: null })
                {
                    return found;
                }

                if (found is not null)
                {
                    // One of the same attempt that is on its way out: its name is free in a moment.
                    await WaitUntilGoneAsync(following, found, cancellationToken);
                }
                else if (exception.StatusCode != HttpStatusCode.Conflict)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200 * tries), clock, cancellationToken);
                }
            }
        }
    }

    /// <summary>There is one already; or nobody knows, because the answer was lost.</summary>
    private static bool IsThereOrUnknown(ApiException exception) =>
        exception is { StatusCode: HttpStatusCode.Conflict, Reason: "AlreadyExists" } || (exception.StatusCode is null && exception.IsTransient)
        || exception is { StatusCode: HttpStatusCode.GatewayTimeout or HttpStatusCode.BadGateway or HttpStatusCode.InternalServerError, IsTransient: true };

    private async Task WaitUntilGoneAsync(PodFollowing following, Pod leaving, CancellationToken cancellationToken)
    {
        following.Heard(leaving);
        await following.SyncedAsync(cancellationToken);
        while (following.Now is { Pod.Uid: var uid, Changed: var changed } && uid == leaving.Uid)
        {
            await changed.WaitAsync(cancellationToken);
        }
    }
}
