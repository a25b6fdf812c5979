using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Tells each phase of a pod once, as its status shows that it was reached, and what it waits for.</summary>
internal sealed class PodPhases(IProgress<EnvironmentProgress>? progress)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public void Tell(Pod pod, string worker)
    {
        if (pod.NodeName is { Length: > 0 } node)
        {
            Reached(EnvironmentPhases.Scheduled, $"node {node}");
        }

        var status = pod.StatusOf(worker);
        if (status?.State is { Running: not null } or { Terminated: not null })
        {
            Reached(EnvironmentPhases.ImagePulled, status.Image);
        }

        if (status?.State.Running is not null)
        {
            Reached(EnvironmentPhases.Ready, "");
        }
    }

    public void Waits(BackendFailureReason reason, string words) =>
        progress?.Report(new EnvironmentProgress { WaitingFor = reason, Detail = words });

    private void Reached(string phase, string detail)
    {
        if (_told.Add(phase))
        {
            progress?.Report(new EnvironmentProgress { Phase = phase, Detail = detail });
        }
    }
}
