using System.Buffers.Binary;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

/// <summary>Exec by SPDY/3.1: the client opens one stream for each channel and names it in a header.</summary>
internal sealed class SpdyConnection(Stream transport, IReadOnlySet<ExecChannel> expected) : ExecConnection
{
    private const int SynStream = 1;
    private const int SynReply = 2;
    private const int Reset = 3;
    private const int Ping = 6;
    private const int GoAway = 7;
    private const byte Fin = 1;
    private const int LongestFrame = 1 << 24;

    private readonly Lock _lock = new();
    private readonly SpdyHeaders _headers = new();
    private readonly Dictionary<ExecChannel, int> _streams = [];
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when every stream that the request announced is there.</summary>
    public Task Open => _open.Task;

    public override async ValueTask DisposeAsync()
    {
        _headers.Dispose();
        await transport.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task ReceiveFramesAsync(CancellationToken ct)
    {
        try
        {
            var head = new byte[8];
            var buffer = new byte[64 * 1024];
            while (await transport.ReadAtLeastAsync(head, 8, throwOnEndOfStream: false, ct) == 8)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) & 0xFFFFFF;
                if ((head[0] & 0x80) == 0)
                {
                    await ReceiveDataAsync(BinaryPrimitives.ReadInt32BigEndian(head), length, head[4], buffer, ct);
                    continue;
                }

                var frame = new byte[length];
                await transport.ReadExactlyAsync(frame, ct);
                await ReceiveControlAsync(BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)), frame, head[4]);
            }
        }
        finally
        {
            _open.TrySetCanceled();
        }
    }

    protected override Task SendFrameAsync(ExecChannel channel, ReadOnlyMemory<byte> data) => SendDataAsync(channel, data, 0);

    protected override async Task SendEndAsync()
    {
        ExecChannel[] channels;
        lock (_lock)
        {
            channels = [.. _streams.Keys];
        }

        foreach (var channel in channels)
        {
            await SendDataAsync(channel, ReadOnlyMemory<byte>.Empty, Fin);
        }

        foreach (var channel in channels)
        {
            // 5: CANCEL.
            await SendControlAsync(Reset, [.. Number(StreamOf(channel)!.Value), .. Number(5)]);
        }

        await SendControlAsync(GoAway, [.. Number(channels.Max(channel => StreamOf(channel)!.Value)), .. Number(0)]);
        await transport.FlushAsync();
    }

    protected override async Task SendOutputEndsAsync()
    {
        await SendDataAsync(ExecChannel.Stdout, ReadOnlyMemory<byte>.Empty, Fin);
        await SendDataAsync(ExecChannel.Stderr, ReadOnlyMemory<byte>.Empty, Fin);
    }

    private async Task ReceiveDataAsync(int stream, int length, byte flags, byte[] buffer, CancellationToken ct)
    {
        var isStdin = StreamOf(ExecChannel.Stdin) == stream;
        while (length > 0)
        {
            var part = buffer.AsMemory(0, Math.Min(length, buffer.Length));
            await transport.ReadExactlyAsync(part, ct);
            length -= part.Length;
            if (isStdin)
            {
                await StdinAsync(part);
            }
        }

        if (isStdin && (flags & Fin) != 0)
        {
            await CloseStdinAsync();
        }
    }

    private async Task ReceiveControlAsync(int type, byte[] frame, byte flags)
    {
        switch (type)
        {
            case SynStream:
                await OpenStreamAsync(frame, flags);
                break;
            case Reset when StreamOf(ExecChannel.Stdin) == BinaryPrimitives.ReadInt32BigEndian(frame):
                await CloseStdinAsync();
                break;
            case Ping when (BinaryPrimitives.ReadInt32BigEndian(frame) & 1) == 1:
                await OneWriterAsync(() => SendControlAsync(Ping, frame));
                break;
        }
    }

    private async Task OpenStreamAsync(byte[] frame, byte flags)
    {
        var stream = BinaryPrimitives.ReadInt32BigEndian(frame) & int.MaxValue;
        var headers = _headers.Read(frame.AsMemory(10));
        var channel = headers.GetValueOrDefault("streamtype") switch
        {
            "error" => ExecChannel.Error,
            "stdin" => ExecChannel.Stdin,
            "stdout" => ExecChannel.Stdout,
            "stderr" => ExecChannel.Stderr,
            var other => throw new IOException($"A stream of type {other}."),
        };
        lock (_lock)
        {
            _streams[channel] = stream;
        }

        await OneWriterAsync(() => SendControlAsync(SynReply, [.. Number(stream), .. _headers.WriteEmpty()]));
        if (channel == ExecChannel.Stdin && (flags & Fin) != 0)
        {
            await CloseStdinAsync();
        }

        if (expected.All(one => StreamOf(one) is not null))
        {
            _open.TrySetResult();
        }
    }

    private int? StreamOf(ExecChannel channel)
    {
        lock (_lock)
        {
            return _streams.TryGetValue(channel, out var stream) ? stream : null;
        }
    }

    private async Task SendDataAsync(ExecChannel channel, ReadOnlyMemory<byte> data, byte flags)
    {
        if (StreamOf(channel) is not { } stream)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(data.Length, LongestFrame);
        var head = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, stream);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), data.Length | (flags << 24));
        await transport.WriteAsync(head);
        await transport.WriteAsync(data);
        await transport.FlushAsync();
    }

    private async Task SendControlAsync(int type, byte[] payload)
    {
        var head = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(head, 0x8003);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), payload.Length);
        await transport.WriteAsync((ReadOnlyMemory<byte>)(byte[])[.. head, .. payload]);
        await transport.FlushAsync();
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
