using System.Security.Cryptography;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Ansible;

/// <summary>A job's files as an archive, in memory or on this host's disk, readable by its owner alone: everything in it may be secret.</summary>
internal sealed class TarPayload : IPayload, IAsyncDisposable
{
    private readonly ReadOnlyMemory<byte> _content;

    /// <summary>The file; null when it is in memory.</summary>
    private readonly string? _path;

    private TarPayload(ReadOnlyMemory<byte> content, string? path, long length, byte[] hash) =>
        (_content, _path, Length, Sha256) = (content, path, length, Convert.ToHexStringLower(hash));

    public long Length { get; }

    public string Sha256 { get; }

    public static TarPayload InMemory(ReadOnlyMemory<byte> content) => new(content, null, content.Length, SHA256.HashData(content.Span));

    /// <param name="path">The file, which goes with the payload.</param>
    /// <param name="length">Its length.</param>
    /// <param name="hash">The SHA-256 of what is in it.</param>
    public static TarPayload OnDisk(string path, long length, byte[] hash) => new(default, path, length, hash);

    public Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(_path is null
            ? new MemoryStream(_content.ToArray(), writable: false)
            : new FileStream(
                _path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }));
    }

    public ValueTask DisposeAsync()
    {
        if (_path is not null)
        {
            File.Delete(_path);
        }

        return ValueTask.CompletedTask;
    }
}
