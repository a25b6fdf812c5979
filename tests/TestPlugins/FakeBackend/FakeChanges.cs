using System.Collections.Concurrent;

namespace ContainerGroups.TestPlugins;

/// <summary>Wakes those who wait for something to happen to an environment.</summary>
internal sealed class FakeChanges(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new(StringComparer.Ordinal);

    /// <summary>Ends with the next change. Taken before the state is read, so that no change falls between.</summary>
    public FakeLook Next(string name)
    {
        var at = clock.GetTimestamp();
        return new FakeLook(_changes.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task, at);
    }

    public void Announce(string name)
    {
        if (_changes.TryRemove(name, out var changed))
        {
            changed.SetResult();
        }
    }

    /// <summary>Waits for a change, or until so much time has passed since the look: a test's clock may have moved on meanwhile.</summary>
    public async Task WaitAsync(FakeLook look, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = atMost - clock.GetElapsedTime(look.At);
        var time = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1), clock, stop.Token);
        if (clock.GetElapsedTime(look.At) < atMost)
        {
            await Task.WhenAny(look.Change, time);
        }

        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>When an environment was looked at, and what tells of its next change.</summary>
internal readonly record struct FakeLook(Task Change, long At);
