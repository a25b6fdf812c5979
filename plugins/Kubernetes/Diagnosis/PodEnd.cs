using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>Whether a pod as a whole has ended or is about to, and why: evicted, out of time, deleted by somebody, gone with its node.</summary>
internal static class PodEnd
{
    /// <returns>Null as long as it can hold its job.</returns>
    public static BackendException? Of(Pod pod, string worker)
    {
        var words = Sentences.Of(pod.Reason, pod.Message);
        if (pod.Phase is "Failed" or "Succeeded")
        {
            return pod.Reason switch
            {
                "Evicted" => Evicted(pod, words),
                "DeadlineExceeded" => new BackendException(
                    BackendFailureReason.EnvironmentLost,
                    $"Pod {pod.Name} had lived as long as its activeDeadlineSeconds allow: {words} Raise the job's timeout, or the group's max_pod_lifetime."),
                "Preempting" or "Shutdown" or "Terminated" or "NodeShutdown" or "NodeLost" or "NodeAffinity" => Evicted(pod, words),
                { } reason when reason.StartsWith("OutOf", StringComparison.Ordinal) => new BackendException(
                    BackendFailureReason.InsufficientCapacity, $"The node had no room for pod {pod.Name} after all: {words}", isTransient: true),
                "UnexpectedAdmissionError" => new BackendException(
                    BackendFailureReason.InsufficientCapacity, $"The node did not admit pod {pod.Name}: {words}", isTransient: true),
                _ => Disrupted(pod) ?? Deleted(pod, worker) ?? Ended(pod, worker, words),
            };
        }

        return pod.DeletedAt is null ? null : Disrupted(pod) ?? Deleted(pod, worker);
    }

    /// <summary>Whoever deletes a pod ends its containers, which tell of their end before it is gone. Only a lack of memory says more.</summary>
    private static BackendException? Deleted(Pod pod, string worker) =>
        pod.DeletedAt is null || pod.StatusOf(worker)?.State.Terminated is { Reason: "OOMKilled" }
            ? null
            : new BackendException(BackendFailureReason.EnvironmentLost, $"Pod {pod.Name} was deleted from outside while its job needed it.");

    /// <summary>Kubernetes 1.26 and newer marks pods that it takes away itself.</summary>
    private static BackendException? Disrupted(Pod pod) =>
        pod.Conditions.FirstOrDefault(condition => condition is { Type: "DisruptionTarget", Status: "True" }) is { } condition
            ? Evicted(pod, Sentences.Of(condition.Reason, condition.Message))
            : null;

    private static BackendException Evicted(Pod pod, string words) => new(
        BackendFailureReason.Evicted,
        $"Pod {pod.Name} was taken away by the cluster{(pod.NodeName is { Length: > 0 } node ? $" from node {node}" : "")}: {words}");

    private static BackendException? Ended(Pod pod, string worker, string words)
    {
        if (pod.StatusOf(worker)?.State.Terminated is not null)
        {
            // The worker's own end says more.
            return null;
        }

        var first = pod.InitContainerStatuses.FirstOrDefault(status => status.State.Terminated is { ExitCode: not 0 });
        return first is not null
            ? new BackendException(
                BackendFailureReason.InvalidSettings,
                $"The init container {first.Name} of pod {pod.Name} failed: {WorkerEnd.Words(first.State.Terminated!)} The job was not started; see what it does in the group's pod_spec_override.")
            : new BackendException(BackendFailureReason.EnvironmentLost, $"Pod {pod.Name} ended ({pod.Phase}): {words}".TrimEnd(' ', ':') + (words.Length == 0 ? "." : ""));
    }
}
