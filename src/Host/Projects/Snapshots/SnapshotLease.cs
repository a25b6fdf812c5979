namespace ContainerGroups.Host.Projects;

/// <summary>Keeps a directory of <see cref="SnapshotCache"/> from being pruned.</summary>
internal sealed class SnapshotLease(SnapshotCache cache, string key, string directory) : IAsyncDisposable
{
    private int _released;

    public string Directory { get; } = directory;

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            cache.Release(key);
        }

        return ValueTask.CompletedTask;
    }
}
