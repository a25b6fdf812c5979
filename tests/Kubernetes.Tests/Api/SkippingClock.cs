using System.Collections.Concurrent;

namespace ContainerGroups.Kubernetes.Tests.Api;

/// <summary>A clock for which every short wait (of less than an hour, unless told otherwise) is over at once, after the clock has moved by
/// it; longer ones never end.</summary>
internal sealed class SkippingClock(TimeSpan? longest = null) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private long _ticks;

    /// <summary>How long was waited, each time.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= (longest ?? TimeSpan.FromHours(1)) || dueTime < TimeSpan.Zero)
        {
            return new Over();
        }

        _waits.Enqueue(dueTime);
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
