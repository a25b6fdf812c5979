namespace ContainerGroups.Host.Access.Passwords;

/// <summary>When things happened, by key, as far back as a window. Bounded, whoever feeds it. Not for several threads at once.</summary>
internal sealed class RecentEvents(TimeSpan window)
{
    private const int MaxKeys = 50_000;

    /// <summary>Beyond this nobody distinguishes.</summary>
    private const int MaxPerKey = 64;

    private readonly Dictionary<string, Queue<DateTimeOffset>> _times = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = [];

    /// <summary>How many keys are remembered.</summary>
    public int Keys => _times.Count;

    public void Add(string key, DateTimeOffset now)
    {
        if (!_times.TryGetValue(key, out var times))
        {
            MakeRoom(now);
            times = _times[key] = [];
            _oldest.Enqueue(key);
        }

        if (times.Count == MaxPerKey)
        {
            times.Dequeue();
        }

        times.Enqueue(now);
    }

    /// <summary>How often it happened within the window, and when last.</summary>
    public (int Count, DateTimeOffset Last) Count(string key, DateTimeOffset now)
    {
        if (!_times.TryGetValue(key, out var times))
        {
            return (0, default);
        }

        Trim(times, now);
        return times.Count == 0 ? (0, default) : (times.Count, times.Last());
    }

    public void Remove(string key)
    {
        if (_times.TryGetValue(key, out var times))
        {
            // The key keeps its place in the line of those to be forgotten.
            times.Clear();
        }
    }

    /// <summary>Looks at a few of the longest known keys each time, so that no single request pays for all of them.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        for (var looked = 0; looked < 4 && _oldest.TryDequeue(out var key); looked++)
        {
            var times = _times[key];
            Trim(times, now);
            if (times.Count > 0 && _times.Count < MaxKeys)
            {
                _oldest.Enqueue(key);
            }
            else
            {
                _times.Remove(key);
            }
        }
    }

    private void Trim(Queue<DateTimeOffset> times, DateTimeOffset now)
    {
        while (times.TryPeek(out var first) && first + window <= now)
        {
            times.Dequeue();
        }
    }
}
