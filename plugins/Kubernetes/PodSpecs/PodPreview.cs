using System.Net;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Shows the pod that a job would get, and what the cluster says to it.</summary>
/// <param name="describe">Makes the request for a pod as a job's would be.</param>
/// <param name="apiOf">The cluster of a group.</param>
/// <param name="ownNamespace">The namespace in which this server runs; null outside of a cluster.</param>
internal sealed class PodPreview(
    Func<ProvisionRequest, PodSpecRequest> describe, Func<BackendTarget, KubernetesApi> apiOf, string? ownNamespace) : IEnvironmentPreview
{
    public string DefaultSpec { get; } = DefaultPod.Shown(ownNamespace);

    public IReadOnlyList<InputError> ValidateSpec(string spec)
    {
        try
        {
            PodSpecBuilder.Merge(new PodSpecRequest { InstallationId = "", JobId = 0, Attempt = 1, Override = spec, OwnNamespace = ownNamespace });
            return [];
        }
        catch (PodSpecException e)
        {
            return [.. e.Errors.Select(error => new InputError { Field = error.Path, Message = error.ToString() })];
        }
    }

    public async Task<EnvironmentPreview> PreviewAsync(ProvisionRequest request, bool askTarget, CancellationToken cancellationToken)
    {
        var pod = PodSpecBuilder.Build(describe(request));
        return new EnvironmentPreview
        {
            Spec = pod.Pod.ToJsonString(DefaultPod.Readable),
            Origins = pod.Origins,
            Notes = pod.Notes,
            Verdict = askTarget ? await AskAsync(request.Target, pod, cancellationToken) : null,
        };
    }

    /// <summary>The cluster goes through everything short of storing the pod: its own rules, admission, quota.</summary>
    private async Task<EnvironmentVerdict> AskAsync(BackendTarget target, EffectivePod pod, CancellationToken cancellationToken)
    {
        try
        {
            await apiOf(target).DryRunPodAsync(pod.Namespace, pod.Pod, cancellationToken);
            return new EnvironmentVerdict
            {
                Accepted = true,
                Message = $"The cluster would create this pod in namespace {pod.Namespace}. Whether a node has room for it, and whether its images can be pulled, shows when it runs.",
            };
        }
        catch (ApiException e)
        {
            return new EnvironmentVerdict
            {
                Accepted = IsAnswer(e) ? false : null,
                Message = e.ToBackendException($"create the pod in namespace {pod.Namespace}").Message,
            };
        }
        catch (BackendException e)
        {
            return new EnvironmentVerdict { Accepted = null, Message = e.Message };
        }
    }

    /// <summary>Whether it is the pod that the cluster refuses, and not us, or the moment.</summary>
    private static bool IsAnswer(ApiException failure) =>
        !failure.IsTransient && failure.StatusCode is { } status && status != HttpStatusCode.Unauthorized && (int)status is >= 400 and < 500;
}
