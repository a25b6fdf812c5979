namespace ContainerGroups.Host.Dispatch;

/// <summary>When an environment whose removal failed is tried again. Kept in memory only: a new host tries everything at once.</summary>
internal sealed class DestroyRetries(DispatchOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, (DateTimeOffset At, TimeSpan Delay)> _failed = [];

    public bool IsDue(long jobId, DateTimeOffset now)
    {
        lock (_lock)
        {
            return !_failed.TryGetValue(jobId, out var failed) || failed.At <= now;
        }
    }

    public IReadOnlyList<long> Due(DateTimeOffset now)
    {
        lock (_lock)
        {
            return [.. _failed.Where(failed => failed.Value.At <= now).Select(failed => failed.Key)];
        }
    }

    public void Failed(long jobId, DateTimeOffset now)
    {
        lock (_lock)
        {
            var delay = _failed.TryGetValue(jobId, out var failed) ? failed.Delay * 2 : options.RetryDelay;
            delay = delay < options.MaxRetryDelay ? delay : options.MaxRetryDelay;
            _failed[jobId] = (now + delay, delay);
        }
    }

    public bool HasFailed(long jobId)
    {
        lock (_lock)
        {
            return _failed.ContainsKey(jobId);
        }
    }

    public void Forget(long jobId)
    {
        lock (_lock)
        {
            _failed.Remove(jobId);
        }
    }

    /// <summary>Forgets what is removed by now.</summary>
    public void KeepOnly(IEnumerable<long> jobIds)
    {
        lock (_lock)
        {
            foreach (var gone in _failed.Keys.Except(jobIds).ToList())
            {
                _failed.Remove(gone);
            }
        }
    }

    /// <summary>How long it is until the first is due that is not being tried already.</summary>
    public TimeSpan Wait(DateTimeOffset now, TimeSpan atMost, Func<long, bool> isUnderWay)
    {
        lock (_lock)
        {
            var next = _failed.Where(failed => !isUnderWay(failed.Key)).Select(failed => (DateTimeOffset?)failed.Value.At).Min();
            var wait = next is { } at ? at - now : atMost;
            return wait > atMost ? atMost : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
