namespace ContainerGroups.Host.Ansible;

/// <summary>
/// Takes an archive as it is written: in memory while it is as small as that of a command, and on disk from then on. Most archives are
/// small, and a file costs more to make and remove than they do.
/// </summary>
internal sealed class ArchiveStream(string path) : Stream
{
    /// <summary>Thousands of jobs may wait for their environments, each with its archive.</summary>
    private const int MostInMemory = 16 * 1024;

    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly MemoryStream _memory = new();
    private FileStream? _file;

    /// <summary>The file; null while there is none.</summary>
    public FileStream? File => _file;

    /// <summary>What was written, unless it is in the file.</summary>
    public ReadOnlyMemory<byte> Memory => _memory.GetBuffer().AsMemory(0, (int)_memory.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var target = Target(buffer.Length);
        target.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Target(buffer.Length).WriteAsync(buffer, cancellationToken);

    public override void Flush() => _file?.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _file?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private Stream Target(int count)
    {
        if (_file is null && _memory.Length + count <= MostInMemory)
        {
            return _memory;
        }

        return _file ??= Spill();
    }

    private FileStream Spill()
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous,
            BufferSize = 256 * 1024,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : PrivateFile,
        });
        _memory.WriteTo(file);
        _memory.SetLength(0);
        return file;
    }
}
