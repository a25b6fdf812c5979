using System.Collections.Concurrent;
using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>
/// Tells those who follow a job that more of its output is stored, or that its state has changed. Other hosts are told only of
/// jobs that somebody there follows: most jobs are followed by nobody, and output is written many times a second.
/// </summary>
internal sealed class OutputSignals(WakeUps wakeUps, TimeProvider time)
{
    /// <summary>Says that a job is being followed; the payload is its id. Repeated as long as it is.</summary>
    public const string FollowedName = "output-followed";

    /// <summary>The net below calls that got lost.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<long, DateTimeOffset> _followed = new();

    /// <summary>Wakes the job's followers; cheap when there are none. To be called after the commit.</summary>
    public void Pulse(long jobId)
    {
        if (!_followed.TryGetValue(jobId, out var until))
        {
            PulseHere(jobId);
        }
        else
        {
            wakeUps.Pulse(NameOf(jobId));
            if (until < time.GetUtcNow())
            {
                _followed.TryRemove(jobId, out _);
            }
        }
    }

    /// <summary>A job has ended, on whatever host: its followers look for the last time.</summary>
    public void Ended(long jobId)
    {
        PulseHere(jobId);
        _followed.TryRemove(jobId, out _);
    }

    /// <summary>Wakes every follower in this process.</summary>
    public void PulseFollowedHere()
    {
        foreach (var jobId in _followed.Keys)
        {
            PulseHere(jobId);
        }
    }

    /// <summary>Begins to follow a job. Look at what is stored after this, and again after each wait: nothing is missed in between.</summary>
    public Watch Follow(long jobId) => new(wakeUps, wakeUps.Subscribe(NameOf(jobId)), jobId);

    /// <summary>Somebody, here or on another host, follows the job.</summary>
    public void Followed(long jobId) => _followed[jobId] = time.GetUtcNow() + (Period * 3);

    private void PulseHere(long jobId) => wakeUps.PulseHere(NameOf(jobId), payload: null);

    private static string NameOf(long jobId) => string.Create(CultureInfo.InvariantCulture, $"output-{jobId}");

    internal sealed class Watch(WakeUps wakeUps, WakeUpSubscription subscription, long jobId) : IDisposable
    {
        /// <summary>Returns when something may have changed since the watch began or the last wait returned.</summary>
        public Task WaitAsync(CancellationToken cancellationToken)
        {
            wakeUps.Pulse(FollowedName, jobId.ToString(CultureInfo.InvariantCulture));
            return subscription.WaitAsync(Period, cancellationToken);
        }

        public void Dispose() => subscription.Dispose();
    }
}
