using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Ansible;

/// <summary>A job's files as an archive on this host's disk, readable by its owner alone: everything in it may be secret.</summary>
internal sealed class TarPayload(string path, long length, string sha256) : IPayload, IAsyncDisposable
{
    public long Length { get; } = length;

    public string Sha256 { get; } = sha256;

    public Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new FileStream(
            path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }));
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(path);
        return ValueTask.CompletedTask;
    }
}
