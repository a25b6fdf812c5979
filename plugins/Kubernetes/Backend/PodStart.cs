using System.Net;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Diagnosis;
using ContainerGroups.Kubernetes.PodSpecs;
using ContainerGroups.Kubernetes.Watching;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Waits until a pod's worker runs, and tells within seconds when it never will.</summary>
internal sealed class PodStart(
    KubernetesApi api, PodFollowing following, EffectivePod effective, KubernetesSettings settings, PodPhases phases, TimeProvider clock)
{
    private static readonly TimeSpan SchedulerSilence = TimeSpan.FromSeconds(30);

    private readonly long _madeAt = clock.GetTimestamp();

    /// <summary>How long a container may be in the making before the cluster's events are asked what holds it up; twice as long each time.</summary>
    private TimeSpan _eventsAfter = TimeSpan.FromSeconds(4);

    private long? _scheduledAt;
    private long? _strugglesSince;
    private bool _mayReadEvents = true;

    /// <exception cref="BackendException">It will not run.</exception>
    public async Task WaitAsync(Pod made, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sighting = following.Now;
            if (following.Refusal is { } refusal && refusal.At >= _madeAt)
            {
                // The credential was changed while the pod waits, or its token has expired: it is for the host to try with the one of now.
                throw refusal.Failure;
            }

            var pod = sighting.Pod is { } seen && seen.Uid == made.Uid ? seen : await ConfirmGoneAsync(made, cancellationToken);
            phases.Tell(pod, effective.WorkerContainer);
            var verdict = PodDiagnosis.Of(pod, effective.WorkerContainer, settings.WaitForNodes);
            switch (verdict)
            {
                case PodVerdict.Ready:
                    return;
                case PodVerdict.Failed failed:
                    throw failed.Failure;
                case PodVerdict.WaitsForRoom room:
                    phases.Waits(BackendFailureReason.InsufficientCapacity, room.Words);
                    break;
            }

            var left = await TimeLeftAsync(pod, verdict, cancellationToken);
            await sighting.WaitAsync(left, clock, cancellationToken);
        }
    }

    /// <summary>Until when to look again even if nothing changes.</summary>
    /// <exception cref="BackendException">The time is up.</exception>
    private async Task<TimeSpan> TimeLeftAsync(Pod pod, PodVerdict verdict, CancellationToken cancellationToken)
    {
        if (verdict is PodVerdict.Struggles struggles)
        {
            var left = settings.ImagePullTimeout - clock.GetElapsedTime(_strugglesSince ??= clock.GetTimestamp());
            return left > TimeSpan.Zero
                ? left
                : throw new BackendException(struggles.Reason, await WithEventsAsync(pod, struggles.Words, cancellationToken), isTransient: true);
        }

        _strugglesSince = null;
        if (pod.NodeName is not { Length: > 0 })
        {
            return UntilSilence(pod, verdict);
        }

        var since = clock.GetElapsedTime(_scheduledAt ??= clock.GetTimestamp());
        if (since >= settings.StartTimeout)
        {
            var words = verdict is PodVerdict.Coming { Words.Length: > 0 } coming ? coming.Words : $"{pod.Phase}.";
            throw new BackendException(
                BackendFailureReason.StartTimeout,
                await WithEventsAsync(
                    pod,
                    $"Pod {pod.Name} was given node {pod.NodeName} but its container {effective.WorkerContainer} did not run within "
                    + $"{settings.StartTimeout.TotalSeconds:0} s (the group's start_timeout): {words}",
                    cancellationToken),
                isTransient: true);
        }

        if (since >= _eventsAfter && _mayReadEvents)
        {
            await ThrowIfNeverAsync(pod, cancellationToken);
            _eventsAfter *= 2;
        }

        var next = _mayReadEvents && _eventsAfter < settings.StartTimeout ? _eventsAfter : settings.StartTimeout;
        return next > since ? next - since : TimeSpan.Zero;
    }

    /// <summary>A scheduler that says nothing at all is waited for like one that has no room, so that the job may go elsewhere.</summary>
    private TimeSpan UntilSilence(Pod pod, PodVerdict verdict)
    {
        if (verdict is PodVerdict.WaitsForRoom)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = SchedulerSilence - clock.GetElapsedTime(_madeAt);
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        phases.Waits(BackendFailureReason.InsufficientCapacity, $"The cluster's scheduler has not said anything about pod {pod.Name} yet.");
        return Timeout.InfiniteTimeSpan;
    }

    /// <summary>What was not seen may be too new: the cluster itself is asked before a pod is taken for gone.</summary>
    private async Task<Pod> ConfirmGoneAsync(Pod made, CancellationToken cancellationToken)
    {
        if (await api.FindPodAsync(made.Namespace, made.Name, cancellationToken) is { } pod && pod.Uid == made.Uid)
        {
            following.Heard(pod);
            return pod;
        }

        throw new BackendException(
            BackendFailureReason.EnvironmentLost, $"Pod {made.Name} was deleted from outside before its job was started.");
    }

    /// <summary>A volume whose ConfigMap or Secret is missing shows in the events alone, where the Role allows reading them.</summary>
    private async Task ThrowIfNeverAsync(Pod pod, CancellationToken cancellationToken)
    {
        var events = await EventsAsync(pod, cancellationToken);
        if (events.LastOrDefault(note => note.Reason is "FailedMount" or "FailedAttachVolume" && note.Message.Contains("not found", StringComparison.Ordinal)) is { } mount)
        {
            throw new BackendException(
                BackendFailureReason.InvalidSettings,
                $"A volume of pod {pod.Name} can't be mounted: {Sentences.Of(mount.Reason, mount.Message)} Make what is missing in namespace {pod.Namespace}, "
                + "or correct the group's pod_spec_override.");
        }
    }

    private async Task<string> WithEventsAsync(Pod pod, string words, CancellationToken cancellationToken) =>
        (await EventsAsync(pod, cancellationToken)).LastOrDefault(note => note.Type == "Warning") is { } warning
            ? $"{words} The cluster noted: {Sentences.Of(warning.Reason, warning.Message)}"
            : words;

    private async Task<IReadOnlyList<ClusterEvent>> EventsAsync(Pod pod, CancellationToken cancellationToken)
    {
        if (!_mayReadEvents)
        {
            return [];
        }

        try
        {
            return [.. (await api.ListEventsAsync(pod.Namespace, pod.Name, cancellationToken)).Where(note => note.PodUid == pod.Uid)];
        }
        catch (ApiException exception)
        {
            // An extra, which the documentation's own Role does not allow.
            _mayReadEvents = exception.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
            return [];
        }
    }
}
