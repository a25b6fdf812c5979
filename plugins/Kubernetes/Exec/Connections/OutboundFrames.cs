namespace ContainerGroups.Kubernetes.Exec.Connections;

/// <summary>
/// What goes out, one whole frame at a time. Answers to the other side (pongs, pings) never wait for it: a reader that waited for a
/// writer, while the other side reads only when it is read from, would stop all of them for good.
/// </summary>
internal sealed class OutboundFrames(Stream stream, TimeProvider clock, CancellationToken closed)
{
    /// <summary>More than that the other side asked for without reading any answer; the rest is left out.</summary>
    private const int MostPosted = 4096;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<byte> _posted = [];
    private long _writingSince;

    /// <summary>Since when the other side has not taken the frame that is being written; null when none is.</summary>
    public long? WritingSince => Volatile.Read(ref _writingSince) is > 0 and var since ? since : null;

    /// <summary>Writes a frame; <paramref name="abandon"/> ends the connection when it is canceled in the middle.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frame, Action abandon, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using (cancellationToken.UnsafeRegister(static action => ((Action)action!)(), abandon))
            {
                await WriteNowAsync(frame);
            }
        }
        finally
        {
            _turn.Release();
        }

        Flush();
    }

    /// <summary>Sends a small frame when there is room between others. Returns at once, and does not fail.</summary>
    public void Post(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (_posted.Count + frame.Length > MostPosted)
            {
                return;
            }

            _posted.AddRange(frame);
        }

        Flush();
    }

    private void Flush()
    {
        if (HasPosted() && !closed.IsCancellationRequested && _turn.Wait(0, CancellationToken.None))
        {
            _ = FlushAsync();
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            while (TakePosted() is { Length: > 0 } frames)
            {
                await WriteNowAsync(frames);
            }
        }
        catch (Exception e) when (ConnectionLoss.Is(e))
        {
            // The reader meets the same end and tells it.
            return;
        }
        finally
        {
            _turn.Release();
        }

        // Something may have been posted between the last look and the release.
        Flush();
    }

    private async Task WriteNowAsync(ReadOnlyMemory<byte> frame)
    {
        Volatile.Write(ref _writingSince, Math.Max(1, clock.GetTimestamp()));
        try
        {
            await stream.WriteAsync(frame, closed);
        }
        finally
        {
            Volatile.Write(ref _writingSince, 0);
        }
    }

    private bool HasPosted()
    {
        lock (_lock)
        {
            return _posted.Count > 0;
        }
    }

    private byte[] TakePosted()
    {
        lock (_lock)
        {
            byte[] frames = [.. _posted];
            _posted.Clear();
            return frames;
        }
    }
}
