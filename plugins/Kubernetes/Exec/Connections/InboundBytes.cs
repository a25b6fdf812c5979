using System.Buffers;

namespace ContainerGroups.Kubernetes.Exec.Connections;

/// <summary>
/// What comes in, through one buffer. While nothing comes there is no buffer: thousands of sessions wait at a time. One reader.
/// </summary>
internal sealed class InboundBytes(Stream stream, TimeProvider clock, CancellationToken closed)
{
    private const int BufferSize = 32 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private Task<int>? _reading;
    private bool _isReadingNothing;
    private long _waitingSince;
    private long _lastReceived = clock.GetTimestamp();

    /// <summary>What has arrived and is not consumed. Stays valid until the next call that may wait.</summary>
    public ReadOnlyMemory<byte> Available => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Since when the reader waits for the other side; null when it does not wait.</summary>
    public long? WaitingSince => Volatile.Read(ref _waitingSince) is > 0 and var since ? Math.Max(since, Volatile.Read(ref _lastReceived)) : null;

    /// <summary>When something arrived last.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public void Consume(int count) => _start += count;

    /// <summary>Waits until at least so many bytes are there; false when the other side ended before the first of them.</summary>
    /// <exception cref="EndOfStreamException">It ended after the first and before the last.</exception>
    public async ValueTask<bool> NeedAsync(int count, CancellationToken cancellationToken)
    {
        while (Available.Length < count)
        {
            if (!await FillAsync(cancellationToken))
            {
                return Available.Length == 0 ? false : throw new EndOfStreamException("The connection ended in the middle of a frame.");
            }
        }

        return true;
    }

    /// <summary>
    /// Waits for more bytes; false at the end of what the other side sends. Canceling leaves the read under way, for the next call:
    /// streams of upgraded connections don't survive a canceled read.
    /// </summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _waitingSince, Math.Max(1, clock.GetTimestamp()));
        try
        {
            while (true)
            {
                var count = await ReadAsync(cancellationToken);
                if (_isReadingNothing)
                {
                    continue;
                }

                _end += count;
                Volatile.Write(ref _lastReceived, clock.GetTimestamp());
                return count > 0;
            }
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }
    }

    /// <summary>Gives the buffer back. For the reader, once it has read the last it will read.</summary>
    public void Release()
    {
        if (_reading is null)
        {
            Return();
        }
    }

    /// <summary>For the end of the connection, at any time: the buffer stays with whoever may still be reading.</summary>
    public void Forget() => _ = _reading?.ContinueWith(static read => _ = read.Exception, TaskScheduler.Default);

    /// <summary>What is there at once, as when much comes, needs no object and no waiting.</summary>
    private async ValueTask<int> ReadAsync(CancellationToken cancellationToken)
    {
        if (_reading is null)
        {
            var read = Begin();
            if (read.IsCompletedSuccessfully)
            {
                return read.Result;
            }

            _reading = read.AsTask();
        }

        var count = await _reading.WaitAsync(cancellationToken);
        _reading = null;
        return count;
    }

    private ValueTask<int> Begin()
    {
        // A read of nothing returns when there is something to read, and needs no buffer meanwhile.
        _isReadingNothing = _start == _end && !_isReadingNothing;
        if (_isReadingNothing)
        {
            Return();
            return stream.ReadAsync(Memory<byte>.Empty, closed);
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        return stream.ReadAsync(_buffer.AsMemory(_end), closed);
    }

    private void Return()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _start = _end = 0;
    }
}
