using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Diagnosis;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Finds out why something could not be done in a pod: the pod itself may say.</summary>
internal static class PodFailures
{
    /// <param name="place">Where it was tried.</param>
    /// <param name="doing">Completes "Could not …".</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static async Task<BackendException> ExplainAsync(PodPlace place, string doing, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is ApiException { StatusCode: not null } refused && ContainerWaits.SaysNoProgram(refused.Message))
        {
            return WorkerEnd.Unsuitable(place.Pod.Container, Sentences.End(refused.Message)).Failure;
        }

        try
        {
            if (await EndAsync(place, cancellationToken) is { } end)
            {
                return end;
            }
        }
        catch (ApiException exception)
        {
            // Then the cluster itself can't be asked, which says more than the broken connection does.
            return exception.ToBackendException($"{doing} in {place.Name}");
        }

        return failure is ApiException api
            ? api.ToBackendException($"{doing} in {place.Name}")
            : new BackendException(
                BackendFailureReason.Unreachable, $"Could not {doing} in {place.Name}: {Sentences.End(failure.Message)} It is tried again.", isTransient: true, failure);
    }

    /// <summary>The words of the pod for what befell its processes, where it has some: whoever ends a pod ends them one by one.</summary>
    public static async Task<BackendException> ExplainAsync(PodPlace place, BackendException otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await EndAsync(place, cancellationToken) ?? otherwise;
        }
        catch (ApiException)
        {
            return otherwise;
        }
    }

    /// <summary>Why nothing can be done any more in a pod as it was seen; null when it still runs.</summary>
    public static BackendException? EndOf(Pod pod, string worker)
    {
        if (PodEnd.Of(pod, worker) is { } end)
        {
            return end;
        }

        return pod.StatusOf(worker)?.State.Terminated is { } terminated
            ? new BackendException(
                BackendFailureReason.EnvironmentLost,
                $"Container {worker} of pod {pod.Name} ended while its job ran: {WorkerEnd.Words(terminated)}"
                + (terminated.Reason == "OOMKilled" ? " Raise its memory limit in the group's pod_spec_override." : ""))
            : null;
    }

    private static async Task<BackendException?> EndAsync(PodPlace place, CancellationToken cancellationToken) =>
        await place.FindAsync(cancellationToken) is { } pod ? EndOf(pod, place.Pod.Container) : Gone(place);

    private static BackendException Gone(PodPlace place) => new(
        BackendFailureReason.EnvironmentLost, $"There is no {place.Name} any more: somebody deleted it, or its node, from outside.");
}
