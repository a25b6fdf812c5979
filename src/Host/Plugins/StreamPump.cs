namespace ContainerGroups.Host.Plugins;

/// <summary>
/// Moves a plugin's stream. The plugin's code never runs on the reader's thread, so that a plugin that blocks holds nobody up; the reader goes
/// on, with each item, on the plugin's thread, so that a reader that has no need to wait costs no change of threads. One reader.
/// </summary>
/// <param name="items">The stream.</param>
/// <param name="stop">Tells the plugin to end.</param>
/// <param name="deadline">For each item.</param>
/// <param name="abandonAfter">How long the plugin has, once it was told to end.</param>
/// <param name="clock">For both.</param>
internal sealed class StreamPump<T>(
    IAsyncEnumerator<T> items, CancellationTokenSource stop, TimeSpan? deadline, TimeSpan abandonAfter, TimeProvider clock) : IAsyncDisposable
{
    private readonly Turn _asked = new(goesOnElsewhere: true);
    private readonly Turn _moved = new(goesOnElsewhere: false);
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private bool _isStarted;
    private bool _isStopped;
    private bool _isDisposed;
    private volatile bool _isMoving;

    /// <summary>Whether the plugin took longer than the deadline for an item.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Whether the plugin is at work: it did not end when it was told to.</summary>
    public bool IsMoving => _isMoving;

    /// <summary>Whether there is a next item. Ends as the plugin does, or canceled when the plugin was abandoned.</summary>
    public ValueTask<bool> MoveAsync()
    {
        _moved.Begin();
        _isMoving = true;
        SetTimer(deadline);
        var moved = _moved.WaitAsync();
        if (_isStarted)
        {
            _asked.End(true);
        }
        else
        {
            _isStarted = true;
            _ = Task.Run(PumpAsync);
        }

        return moved;
    }

    /// <summary>Tells the plugin to end, and abandons it when it does not.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_isStopped || _isDisposed)
            {
                return;
            }

            _isStopped = true;
        }

        SetTimer(abandonAfter);
        stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        ITimer? timer;
        lock (_lock)
        {
            _isDisposed = true;
            timer = _timer;
        }

        if (timer is not null)
        {
            await timer.DisposeAsync();
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            bool moved;
            do
            {
                moved = await items.MoveNextAsync();
                // Before the reader goes on, which asks for the next item within the call that tells it of this one.
                _asked.Begin();
                var asked = _asked.WaitAsync();
                _isMoving = false;
                _moved.End(moved);
                moved = moved && await asked;
            }
            while (moved);
        }
        catch (Exception e)
        {
            _isMoving = false;
            _moved.Fail(e);
        }
    }

    private void SetTimer(TimeSpan? time)
    {
        lock (_lock)
        {
            if (time is not { } due || _isDisposed)
            {
                return;
            }

            _timer ??= clock.CreateTimer(static pump => ((StreamPump<T>)pump!).TimeIsUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void TimeIsUp()
    {
        if (!_isMoving)
        {
            // The reader takes its time.
            return;
        }

        if (_isStopped)
        {
            _moved.Fail(new OperationCanceledException());
        }
        else
        {
            IsLate = true;
            Stop();
        }
    }
}
