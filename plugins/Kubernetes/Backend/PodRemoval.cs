using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Deletes a pod and makes sure that it is gone: a deletion is only asked for, and kubelet takes its time.</summary>
internal sealed class PodRemoval(PodPlace place, TimeProvider clock)
{
    /// <summary>When the watch should have told by now, the cluster itself is asked.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(15);

    /// <exception cref="ContainerGroups.Abstractions.BackendException">It may still be there.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var following = place.Watch.Follow(place.Pod.Name);
            await place.Api.DeletePodAsync(place.Pod.Namespace, place.Pod.Name, place.Pod.Uid, grace: null, cancellationToken);
            await following.SyncedAsync(cancellationToken);
            var wasSeen = false;
            while (true)
            {
                var sighting = following.Now;
                if (sighting.Pod?.Uid == place.Pod.Uid)
                {
                    wasSeen = true;
                    await sighting.WaitAsync(Doubt, clock, cancellationToken);
                }
                else if (wasSeen)
                {
                    return;
                }

                if (!wasSeen || !sighting.Changed.IsCompleted)
                {
                    // Not seen may be not seen yet, and not changed may be a watch that fell behind.
                    if (await place.FindAsync(cancellationToken) is not { } pod)
                    {
                        return;
                    }

                    following.Heard(pod);
                    if (following.Now is { Pod: null } unseen)
                    {
                        // A list lacked it, as one does that is older than the pod: the watch's next word has it.
                        await unseen.WaitAsync(Doubt, clock, cancellationToken);
                    }
                }
            }
        }
        catch (ApiException exception)
        {
            throw exception.ToBackendException($"delete {place.Name}");
        }
    }
}
