using System.Buffers.Binary;
using System.Text;
using ContainerGroups.Kubernetes.Exec.Connections;

namespace ContainerGroups.Kubernetes.Exec.WebSockets;

/// <summary>
/// An exec over a WebSocket: each message begins with the byte of its channel. The framework's own WebSocket is not used because its
/// keep-alive takes a peer whose messages nobody reads for a dead one, and a reader must be free to hold the other side back.
/// </summary>
internal sealed class WebSocketSession(UpgradedConnection connection, bool stdin, bool canCloseStdin, TimeProvider clock)
    : ChannelSession(connection, stdin, clock)
{
    /// <summary>Of v5.channel.k8s.io: the byte after it names the channel that its sender closes.</summary>
    private const byte CloseChannel = 255;

    private long _left;
    private bool _isLastFrame = true;
    private ExecChannel? _channel;
    private string? _closeReason;

    public static byte[] Ping { get; } = WebSocketFrames.Control(WebSocketOpcode.Ping, []);

    public override bool CanCloseStdin => canCloseStdin;

    protected override int FrameOverhead => WebSocketFrames.LongestHeader + 1;

    private InboundBytes Inbound => Connection.Inbound;

    protected override async ValueTask<ChannelData?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_left > 0)
            {
                await Inbound.NeedAsync(1, cancellationToken);
                if (TakePayload() is { } data)
                {
                    return data;
                }
            }
            else if (_closeReason is not null)
            {
                return _closeReason.Length == 0 ? null : throw new IOException(_closeReason);
            }
            else if (!await ReadHeaderAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    protected override int EncodeStdin(ReadOnlySpan<byte> stdin, Span<byte> frame) =>
        WebSocketFrames.Write(WebSocketOpcode.Binary, [(byte)ExecChannel.Stdin], stdin, frame);

    protected override byte[] EncodeEndOfStdin() =>
        canCloseStdin ? WebSocketFrames.Control(WebSocketOpcode.Binary, [CloseChannel, (byte)ExecChannel.Stdin]) : [];

    /// <summary>The bytes that are there of the message under way; null when they were only its channel.</summary>
    private ChannelData? TakePayload()
    {
        if (Inbound.Available.IsEmpty)
        {
            throw new EndOfStreamException("The connection ended in the middle of a message.");
        }

        if (_channel is null)
        {
            _channel = (ExecChannel)Inbound.Available.Span[0];
            Inbound.Consume(1);
            _left--;
            return null;
        }

        var data = Inbound.Available[..(int)Math.Min(_left, Inbound.Available.Length)];
        Inbound.Consume(data.Length);
        _left -= data.Length;
        return new ChannelData(_channel.Value, data);
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await Inbound.NeedAsync(2, cancellationToken))
        {
            return false;
        }

        var (first, second) = (Inbound.Available.Span[0], Inbound.Available.Span[1]);
        if ((first & 0x70) != 0 || (second & 0x80) != 0)
        {
            throw new IOException("The other side sent a frame that is none of a WebSocket server's.");
        }

        var size = (second & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        await Inbound.NeedAsync(size, cancellationToken);
        var length = size switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(Inbound.Available.Span[2..]),
            10 => BinaryPrimitives.ReadInt64BigEndian(Inbound.Available.Span[2..]),
            _ => second & 0x7F,
        };
        var (opcode, isLast) = ((WebSocketOpcode)(first & 0x0F), (first & 0x80) != 0);
        if (opcode < WebSocketOpcode.Close)
        {
            Inbound.Consume(size);
            BeginData(opcode, length, isLast);
        }
        else
        {
            await ReadControlAsync(opcode, size, length, cancellationToken);
        }

        return true;
    }

    private void BeginData(WebSocketOpcode opcode, long length, bool isLast)
    {
        if (opcode > WebSocketOpcode.Binary || length < 0 || opcode == WebSocketOpcode.Continuation == _isLastFrame)
        {
            throw new IOException("The other side broke the order of a WebSocket's frames.");
        }

        if (opcode != WebSocketOpcode.Continuation)
        {
            _channel = null;
        }

        _isLastFrame = isLast;
        _left = length;
    }

    private async ValueTask ReadControlAsync(WebSocketOpcode opcode, int header, long length, CancellationToken cancellationToken)
    {
        if (length > WebSocketFrames.LongestControl)
        {
            throw new IOException("The other side sent a WebSocket control frame that is too long.");
        }

        // Header and payload at once: a canceled wait begins this frame again.
        await Inbound.NeedAsync(header + (int)length, cancellationToken);
        var payload = Inbound.Available.Slice(header, (int)length);
        switch (opcode)
        {
            case WebSocketOpcode.Ping:
                Connection.Outbound.Post(WebSocketFrames.Control(WebSocketOpcode.Pong, payload.Span));
                break;
            case WebSocketOpcode.Close:
                Connection.Outbound.Post(WebSocketFrames.Control(WebSocketOpcode.Close, payload.Span[..Math.Min(2, payload.Length)]));
                _closeReason = CloseReason(payload.Span);
                break;
        }

        Inbound.Consume(header + (int)length);
    }

    /// <summary>Empty for an ordinary close.</summary>
    private static string CloseReason(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(payload) is 1000 and var code)
        {
            return "";
        }

        code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        return $"The other side closed the WebSocket with code {code}. {Encoding.UTF8.GetString(payload[2..])}".TrimEnd();
    }
}
