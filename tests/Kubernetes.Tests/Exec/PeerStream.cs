using System.Threading.Channels;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>An upgraded connection, as its client sees it: gives exactly the pieces that the other side sends, and keeps what it is sent.</summary>
internal sealed class PeerStream : Stream
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private readonly MemoryStream _written = new();
    private readonly Lock _lock = new();
    private ReadOnlyMemory<byte> _rest;
    private TaskCompletionSource? _held;

    public byte[] Written
    {
        get
        {
            lock (_lock)
            {
                return _written.ToArray();
            }
        }
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Send(params IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces.Where(piece => piece.Length > 0))
        {
            _pieces.Writer.TryWrite(piece);
        }
    }

    /// <summary>Sends nothing more.</summary>
    public void End() => _pieces.Writer.TryComplete();

    /// <summary>Breaks after what was sent.</summary>
    public void Break() => _pieces.Writer.TryComplete(new IOException("Connection reset by peer"));

    /// <summary>Takes nothing until <see cref="Take"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Take() => _held?.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && !await _pieces.Reader.WaitToReadAsync(cancellationToken))
        {
            return 0;
        }

        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_rest.IsEmpty)
        {
            _pieces.Reader.TryRead(out var piece);
            _rest = piece;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_held is not null)
        {
            await _held.Task.WaitAsync(cancellationToken);
        }

        lock (_lock)
        {
            _written.Write(buffer.Span);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
