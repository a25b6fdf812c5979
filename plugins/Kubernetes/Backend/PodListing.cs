using System.Globalization;
using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Lists the pods that carry our installation's label, whichever server made them.</summary>
internal static class PodListing
{
    /// <exception cref="BackendException">The cluster could not be asked.</exception>
    public static async IAsyncEnumerable<EnvironmentListing> ReadAsync(
        KubernetesApi api, string @namespace, string selector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var pod in await ListAsync(api, @namespace, selector, cancellationToken))
        {
            if (Number(pod, PodIdentity.JobLabel) is { } job && Number(pod, PodIdentity.AttemptLabel) is { } attempt and <= int.MaxValue)
            {
                yield return new EnvironmentListing
                {
                    Handle = PodHandle.Of(pod, DefaultPod.Worker).ToHandle(),
                    JobId = job,
                    Attempt = (int)attempt,
                    CreatedAt = pod.CreatedAt ?? DateTimeOffset.UnixEpoch,
                };
            }
        }
    }

    private static async Task<IReadOnlyList<Pod>> ListAsync(KubernetesApi api, string @namespace, string selector, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.ListPodsAsync(@namespace, selector, cancellationToken)).Pods;
        }
        catch (ApiException exception)
        {
            throw exception.ToBackendException($"list the pods in namespace {@namespace}");
        }
    }

    private static long? Number(Pod pod, string label) =>
        long.TryParse(pod.Labels.GetValueOrDefault(label), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
