namespace ContainerGroups.Host.Projects;

/// <summary>A project's files at one revision, in a directory that stays as it is until this is disposed of.</summary>
/// <param name="directory">Absolute; not to be written to.</param>
/// <param name="revision">A commit or a digest; empty for manual projects.</param>
/// <param name="lease">What keeps the directory; null when nothing has to.</param>
internal sealed class ProjectSnapshot(string directory, string revision, SnapshotLease? lease = null) : IAsyncDisposable
{
    public string Directory { get; } = directory;

    public string Revision { get; } = revision;

    public ValueTask DisposeAsync() => lease?.DisposeAsync() ?? ValueTask.CompletedTask;
}
