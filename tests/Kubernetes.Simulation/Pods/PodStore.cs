namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>All pods, in the order of their keys. Everything but reading a pod's JSON happens under <see cref="Lock"/>.</summary>
internal sealed class PodStore(WatchCache changes)
{
    private readonly SortedDictionary<string, StoredPod> _pods = new(StringComparer.Ordinal);
    private long _version = 1000;

    public Lock Lock { get; } = new();

    public WatchCache Changes { get; } = changes;

    /// <summary>The version of the last change in the whole cluster.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>A version for something else than a pod.</summary>
    public long NextVersion() => Interlocked.Increment(ref _version);

    /// <summary>Called after a pod is gone, under the lock.</summary>
    public Action<StoredPod> Removed { get; set; } = _ => { };

    public StoredPod? Find(string @namespace, string name)
    {
        lock (Lock)
        {
            return _pods.GetValueOrDefault(Key(@namespace, name));
        }
    }

    public IReadOnlyList<StoredPod> All(string? @namespace = null)
    {
        lock (Lock)
        {
            return [.. @namespace is null ? _pods.Values : _pods.Values.Where(pod => pod.Namespace == @namespace)];
        }
    }

    public void Add(StoredPod pod)
    {
        lock (Lock)
        {
            _pods.Add(Key(pod.Namespace, pod.Name), pod);
            pod.Stamp(NextVersion());
            Changes.Append(new(pod.Version, "ADDED", pod.Namespace, pod.Labels, null, pod.Item));
        }
    }

    public void Change(StoredPod pod, Action<StoredPod> change)
    {
        lock (Lock)
        {
            if (pod.IsRemoved)
            {
                return;
            }

            var before = pod.Labels;
            change(pod);
            pod.Stamp(NextVersion());
            Changes.Append(new(pod.Version, "MODIFIED", pod.Namespace, pod.Labels, before, pod.Item));
        }
    }

    public void Remove(StoredPod pod)
    {
        lock (Lock)
        {
            if (pod.IsRemoved)
            {
                return;
            }

            pod.IsRemoved = true;
            _pods.Remove(Key(pod.Namespace, pod.Name));
            pod.Stamp(NextVersion());
            Changes.Append(new(pod.Version, "DELETED", pod.Namespace, pod.Labels, pod.Labels, pod.Item));
            Removed(pod);
        }
    }

    private static string Key(string @namespace, string name) => $"{@namespace}/{name}";
}
