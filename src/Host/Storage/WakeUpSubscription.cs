namespace ContainerGroups.Host.Storage;

/// <summary>
/// Keeps the calls of one name between two waits, many as one. For one waiter: <c>while (…) { look; await WaitAsync(…); }</c> misses
/// nothing that is called after the look began.
/// </summary>
internal sealed class WakeUpSubscription(WakeUps owner, string name, TimeProvider clock) : IDisposable
{
    /// <summary>More are not worth telling apart: the waiter looks at everything.</summary>
    private const int MostPayloads = 1000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _payloads = new(StringComparer.Ordinal);
    private bool _everything;
    private TaskCompletionSource? _waiter;

    public string Name => name;

    /// <summary>Until the next call, or for so long: the period is the net below calls that got lost.</summary>
    public async Task<WakeUp> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task called;
        lock (_lock)
        {
            if (_everything || _payloads.Count > 0)
            {
                return Take();
            }

            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            called = _waiter.Task;
        }

        var inTime = await IsDoneAsync(called, atMost, cancellationToken);
        lock (_lock)
        {
            _everything |= !inTime;
            return Take();
        }
    }

    public void Dispose() => owner.Remove(this);

    internal void Set(string? payload)
    {
        lock (_lock)
        {
            _everything |= payload is null || _payloads.Count >= MostPayloads;
            if (payload is not null && !_everything)
            {
                _payloads.Add(payload);
            }

            _waiter?.TrySetResult();
        }
    }

    private async Task<bool> IsDoneAsync(Task called, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await called.WaitAsync(atMost, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private WakeUp Take()
    {
        var woken = new WakeUp(_everything, [.. _payloads]);
        _everything = false;
        _payloads.Clear();
        _waiter = null;
        return woken;
    }
}
