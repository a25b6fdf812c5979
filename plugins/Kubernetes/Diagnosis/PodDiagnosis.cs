using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>
/// Reads a pod's status before its job is started. Everything is told from the pod itself: the Role of the documentation reads neither
/// events nor logs. Pure.
/// </summary>
internal static class PodDiagnosis
{
    /// <param name="pod">As the cluster last told it.</param>
    /// <param name="worker">The name of the container in which the job runs.</param>
    /// <param name="waitForNodes">Whether a node that fits may still be made (an autoscaler's), so that none fitting now is no failure.</param>
    public static PodVerdict Of(Pod pod, string worker, bool waitForNodes)
    {
        if (PodEnd.Of(pod, worker) is { } end)
        {
            return new PodVerdict.Failed(end);
        }

        var own = pod.StatusOf(worker);
        if (own?.State.Running is not null)
        {
            return new PodVerdict.Ready();
        }

        if (own?.State.Terminated is { } terminated)
        {
            return new PodVerdict.Failed(WorkerEnd.BeforeTheStart(worker, terminated));
        }

        if (Scheduling.Of(pod, waitForNodes) is { } unscheduled)
        {
            return unscheduled;
        }

        var waiting = pod.InitContainerStatuses.Concat(pod.ContainerStatuses).Where(status => status.State.Waiting is not null)
            .Select(status => ContainerWaits.Of(status.Name, status.State.Waiting!)).ToList();
        return waiting.OfType<PodVerdict.Failed>().FirstOrDefault()
            ?? (PodVerdict?)waiting.OfType<PodVerdict.Struggles>().FirstOrDefault()
            ?? waiting.OfType<PodVerdict.Coming>().FirstOrDefault(coming => coming.Words.Length > 0)
            ?? new PodVerdict.Coming("");
    }
}
