namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>What is to happen later, for all pods together: one timer, set to whatever comes first.</summary>
internal sealed class Timeline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _plans = new();
    private readonly ITimer _timer;
    private DateTimeOffset _armed = DateTimeOffset.MaxValue;
    private long _order;
    private bool _ended;

    public Timeline(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void After(TimeSpan delay, Action action)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _plans.Enqueue(action, (_clock.GetUtcNow() + delay, _order++));
                Arm();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _plans.Clear();
        }

        _timer.Dispose();
    }

    private void RunDue()
    {
        lock (_lock)
        {
            _armed = DateTimeOffset.MaxValue;
        }

        while (TakeDue() is { } action)
        {
            action();
        }
    }

    private Action? TakeDue()
    {
        lock (_lock)
        {
            if (_plans.TryPeek(out var action, out var priority) && priority.At <= _clock.GetUtcNow())
            {
                _plans.Dequeue();
                return action;
            }

            Arm();
            return null;
        }
    }

    private void Arm()
    {
        if (_ended || !_plans.TryPeek(out _, out var first) || first.At >= _armed)
        {
            return;
        }

        _armed = first.At;
        var delay = first.At - _clock.GetUtcNow();
        // A timer counts in whole milliseconds: rounded down it would come too early and find nothing due.
        _timer.Change(delay <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
