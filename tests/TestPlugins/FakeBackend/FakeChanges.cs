using System.Collections.Concurrent;

namespace ContainerGroups.TestPlugins;

/// <summary>Wakes those who wait for something to happen to an environment.</summary>
internal sealed class FakeChanges(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new(StringComparer.Ordinal);

    /// <summary>Ends with the next change. Taken before the state is read, so that no change falls between.</summary>
    public Task Next(string name) =>
        _changes.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Announce(string name)
    {
        if (_changes.TryRemove(name, out var changed))
        {
            changed.SetResult();
        }
    }

    public async Task WaitAsync(Task change, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(atMost > TimeSpan.Zero ? atMost : TimeSpan.FromMilliseconds(1), clock, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
