using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ContainerGroups.Host.Output;

/// <summary>Tells those who follow a job that more of its output is stored, or that its state has changed.</summary>
internal sealed class OutputSignals
{
    private readonly ConcurrentDictionary<long, ImmutableArray<Watch>> _watches = new();

    /// <summary>Wakes the job's followers in this process; cheap when there are none.</summary>
    public void Pulse(long jobId)
    {
        if (_watches.TryGetValue(jobId, out var watches))
        {
            foreach (var watch in watches)
            {
                watch.Signal.Set();
            }
        }
    }

    /// <summary>Begins to watch a job. Look at what is stored after this, and again after each wait: nothing is missed in between.</summary>
    public Watch Follow(long jobId)
    {
        var watch = new Watch(this, jobId);
        _watches.AddOrUpdate(jobId, [watch], (_, others) => others.Add(watch));
        return watch;
    }

    private void Remove(Watch watch)
    {
        while (_watches.TryGetValue(watch.JobId, out var watches))
        {
            var rest = watches.Remove(watch);
            var done = rest.IsEmpty
                ? _watches.TryRemove(new KeyValuePair<long, ImmutableArray<Watch>>(watch.JobId, watches))
                : _watches.TryUpdate(watch.JobId, rest, watches);
            if (done)
            {
                return;
            }
        }
    }

    internal sealed class Watch(OutputSignals signals, long jobId) : IDisposable
    {
        public long JobId { get; } = jobId;

        internal Signal Signal { get; } = new();

        /// <summary>Returns when something has changed since the watch began or the last wait returned.</summary>
        public Task WaitAsync(CancellationToken cancellationToken) => Signal.WaitAsync(cancellationToken);

        public void Dispose() => signals.Remove(this);
    }
}
