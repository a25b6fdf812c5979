namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>One change of one pod; <paramref name="Before"/> are the labels that it had until then.</summary>
internal sealed record PodEvent(
    long Version, string Type, string Namespace, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string>? Before, byte[] Item);

/// <summary>The last changes, in a ring; watchers read on from where they are and wait together for the next one.</summary>
internal sealed class WatchCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly PodEvent[] _ring = new PodEvent[capacity];
    private long _first;
    private long _next;
    private long _forgotten;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The version up to which changes have been forgotten.</summary>
    public long Forgotten
    {
        get
        {
            lock (_lock)
            {
                return _forgotten;
            }
        }
    }

    /// <summary>Ends when there is something that was not there when it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    public void Append(PodEvent change)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            if (_next - _first == _ring.Length)
            {
                _forgotten = _ring[_first++ % _ring.Length].Version;
            }

            _ring[_next++ % _ring.Length] = change;
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    /// <summary>Forgets everything, as a compaction does.</summary>
    public void Compact(long version)
    {
        lock (_lock)
        {
            _first = _next;
            _forgotten = version;
        }
    }

    /// <returns>The position after the last change up to a version; null when later ones have been forgotten.</returns>
    public long? PositionAfter(long version)
    {
        lock (_lock)
        {
            if (version < _forgotten)
            {
                return null;
            }

            var position = _next;
            while (position > _first && _ring[(position - 1) % _ring.Length].Version > version)
            {
                position--;
            }

            return position;
        }
    }

    /// <returns>Null when the reader was too slow: what it needs has been forgotten.</returns>
    public IReadOnlyList<PodEvent>? ReadFrom(ref long position)
    {
        lock (_lock)
        {
            if (position < _first)
            {
                return null;
            }

            var events = new PodEvent[Math.Min(_next - position, 500)];
            for (var i = 0; i < events.Length; i++)
            {
                events[i] = _ring[position++ % _ring.Length];
            }

            return events;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
