using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Watching;

/// <summary>
/// The pods of one namespace as a watch tells them, and who waits for which. What is heard late (an answer to a request, overtaken by the
/// watch) never puts back what is gone. Thread-safe.
/// </summary>
internal sealed class SeenPods
{
    /// <summary>How many uids of pods that are gone are remembered, the latest: as many as answers can still be on their way.</summary>
    private const int Remembered = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<string> _goneInOrder = new();
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);

    public PodSighting Look(string name)
    {
        lock (_lock)
        {
            var entry = Find(name);
            return new PodSighting(entry.Pod, entry.Changed.Task);
        }
    }

    /// <summary>Somebody is interested in the name until the answer is disposed.</summary>
    public IDisposable Hold(string name)
    {
        lock (_lock)
        {
            Find(name).Holders++;
        }

        return new Holding(this, name);
    }

    /// <summary>A pod as a request's answer showed it.</summary>
    public void Heard(Pod pod)
    {
        lock (_lock)
        {
            var entry = Find(pod.Name);
            if (!_gone.Contains(pod.Uid) && (entry.Pod is null || entry.Pod.Uid != pod.Uid))
            {
                Put(entry, pod);
            }
        }
    }

    /// <summary>A pod as the watch told it, which is never late: one that a list lacked was made after it.</summary>
    public void Saw(Pod pod)
    {
        lock (_lock)
        {
            _gone.Remove(pod.Uid);
            Put(Find(pod.Name), pod);
        }
    }

    public void Deleted(Pod pod)
    {
        lock (_lock)
        {
            Forget(pod);
        }
    }

    /// <summary>All pods at one moment: whoever is not among them is gone, unless it was made since the list was asked for.</summary>
    public void Replace(IReadOnlyList<Pod> pods, DateTimeOffset askedAt)
    {
        lock (_lock)
        {
            var present = pods.Select(pod => pod.Uid).ToHashSet(StringComparer.Ordinal);
            var missing = _entries.Values.Select(entry => entry.Pod).OfType<Pod>()
                .Where(pod => !present.Contains(pod.Uid) && !(pod.CreatedAt >= askedAt.AddSeconds(-1))).ToList();
            missing.ForEach(Forget);
            foreach (var pod in pods)
            {
                _gone.Remove(pod.Uid);
                Put(Find(pod.Name), pod);
            }
        }
    }

    /// <summary>Has everybody look again, though nothing has been seen.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values.Where(entry => entry.Holders > 0))
            {
                Put(entry, entry.Pod);
            }
        }
    }

    private Entry Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            _entries[name] = entry = new Entry();
        }

        return entry;
    }

    private static void Put(Entry entry, Pod? pod)
    {
        entry.Pod = pod;
        var changed = entry.Changed;
        entry.Changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    private void Forget(Pod pod)
    {
        if (_gone.Add(pod.Uid))
        {
            _goneInOrder.Enqueue(pod.Uid);
            if (_goneInOrder.Count > Remembered)
            {
                _gone.Remove(_goneInOrder.Dequeue());
            }
        }

        if (_entries.TryGetValue(pod.Name, out var entry) && entry.Pod?.Uid == pod.Uid)
        {
            Put(entry, null);
            RemoveUnused(pod.Name, entry);
        }
    }

    private void RemoveUnused(string name, Entry entry)
    {
        if (entry is { Holders: 0, Pod: null })
        {
            _entries.Remove(name);
        }
    }

    private void Release(string name)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(name, out var entry))
            {
                entry.Holders--;
                RemoveUnused(name, entry);
            }
        }
    }

    private sealed class Entry
    {
        public Pod? Pod { get; set; }

        public int Holders { get; set; }

        public TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Holding(SeenPods pods, string name) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                pods.Release(name);
            }
        }
    }
}
