namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>Counts a connection's bytes and decides how many more may pass.</summary>
internal sealed class Meter(Fault fault, Task stallEnds, Func<Task<bool>> mayAnswer, Action cut)
{
    private long _sent;
    private long _received;

    /// <returns>How many of the bytes go before the connection stalls; 0 when all of them do, or none.</returns>
    public int BeforeStall(int bytes) =>
        fault.StallAfterSent is { } stall && _sent < stall && _sent + bytes > stall ? (int)(stall - _sent) : 0;

    /// <returns>How many of the bytes may still be sent.</returns>
    public async Task<int> SendAsync(int bytes, CancellationToken ct)
    {
        if (!await mayAnswer())
        {
            return 0;
        }

        if (fault.StallAfterSent is { } stall && _sent + bytes > stall)
        {
            await stallEnds.WaitAsync(ct);
        }

        var allowed = fault.CutAfterSent is { } limit ? (int)Math.Min(bytes, Math.Max(0, limit - _sent)) : bytes;
        _sent += allowed;
        return allowed;
    }

    public int Receive(int bytes)
    {
        var allowed = fault.CutAfterReceived is { } limit ? (int)Math.Min(bytes, Math.Max(0, limit - _received)) : bytes;
        _received += allowed;
        return allowed;
    }

    public void Cut() => cut();
}

/// <summary>A connection that breaks, or stalls, where its meter says.</summary>
internal sealed class MeteredStream(Stream inner, Meter meter, CancellationToken aborted) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        var allowed = meter.Receive(read);
        if (allowed < read)
        {
            meter.Cut();
        }

        return allowed == 0 && read > 0 ? throw new IOException("The connection was cut.") : allowed;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, aborted);
        if (meter.BeforeStall(buffer.Length) is > 0 and var first)
        {
            // What comes before the place where it stalls arrives, however much is written at once.
            await WriteAllowedAsync(buffer[..first], either.Token);
            buffer = buffer[first..];
        }

        await WriteAllowedAsync(buffer, either.Token);
    }

    private async Task WriteAllowedAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        var allowed = await meter.SendAsync(buffer.Length, cancellationToken);
        if (allowed > 0)
        {
            await inner.WriteAsync(buffer[..allowed], cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }

        if (allowed < buffer.Length)
        {
            meter.Cut();
            throw new IOException("The connection was cut.");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
