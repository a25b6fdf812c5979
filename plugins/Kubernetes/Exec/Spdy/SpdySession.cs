using System.Buffers.Binary;
using ContainerGroups.Kubernetes.Exec.Connections;

namespace ContainerGroups.Kubernetes.Exec.Spdy;

/// <summary>
/// An exec over SPDY/3.1: a stream per channel. Kubernetes' side holds back by TCP alone: it neither sends nor minds WINDOW_UPDATE,
/// so there are no windows here either.
/// </summary>
internal sealed class SpdySession(UpgradedConnection connection, bool stdin, TimeProvider clock) : ChannelSession(connection, stdin, clock)
{
    /// <summary>Opened by the client, so that its pings are odd, and these the other side's.</summary>
    private const uint OwnPing = 1;

    private const uint StdinStream = 3;

    private int _left;
    private bool _isSkipping;
    private bool _isLastFrame;
    private ExecChannel? _channel;
    private bool _hasStatusEnded;
    private bool _hasStdoutEnded;
    private bool _hasStderrEnded;

    public override bool CanCloseStdin => true;

    protected override int FrameOverhead => SpdyFrames.Header;

    protected override bool HasOutputEnded => _hasStdoutEnded && _hasStderrEnded;

    private InboundBytes Inbound => Connection.Inbound;

    protected override async ValueTask<ChannelData?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_left > 0)
            {
                await Inbound.NeedAsync(1, cancellationToken);
                var data = TakePayload();
                if (!_isSkipping && _channel is { } channel)
                {
                    return new ChannelData(channel, data);
                }
            }
            else if (_isLastFrame)
            {
                _isLastFrame = false;
                End(_channel);
                return default(ChannelData);
            }
            else if ((_hasStatusEnded && HasOutputEnded) || !await ReadHeaderAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    protected override int EncodeStdin(ReadOnlySpan<byte> stdin, Span<byte> frame) => SpdyFrames.WriteData(StdinStream, 0, stdin, frame);

    protected override byte[] EncodeEndOfStdin()
    {
        var frame = new byte[SpdyFrames.Header];
        SpdyFrames.WriteData(StdinStream, SpdyFrames.Fin, [], frame);
        return frame;
    }

    private ReadOnlyMemory<byte> TakePayload()
    {
        if (Inbound.Available.IsEmpty)
        {
            throw new EndOfStreamException("The connection ended in the middle of a frame.");
        }

        var data = Inbound.Available[..Math.Min(_left, Inbound.Available.Length)];
        Inbound.Consume(data.Length);
        _left -= data.Length;
        return data;
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await Inbound.NeedAsync(SpdyFrames.Header, cancellationToken))
        {
            return false;
        }

        var (first, second) = ReadWords(Inbound.Available.Span);
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xFFFFFF));
        if ((first & 0x80000000) == 0)
        {
            Inbound.Consume(SpdyFrames.Header);
            _channel = SpdyStreams.Channel(HasStdin, first);
            Begin(length, isSkipping: false, isLast: (flags & SpdyFrames.Fin) != 0);
            return true;
        }

        if ((first >> 16) != 0x8003)
        {
            throw new IOException("The other side sent a frame that is none of SPDY/3.1.");
        }

        await ReadControlAsync((SpdyFrameType)(first & 0xFFFF), flags, length, cancellationToken);
        return true;
    }

    private async ValueTask ReadControlAsync(SpdyFrameType type, byte flags, int length, CancellationToken cancellationToken)
    {
        // What is looked at of each; read together with the header, so that a canceled wait begins this frame again.
        var (looked, isLast) = type switch
        {
            SpdyFrameType.Ping => (4, false),
            SpdyFrameType.SynReply or SpdyFrameType.Headers => (4, (flags & SpdyFrames.Fin) != 0),
            SpdyFrameType.RstStream => (8, true),
            _ => (0, false),
        };
        if (length < looked)
        {
            throw new IOException($"The other side sent a SPDY frame of type {(int)type} that is too short.");
        }

        await Inbound.NeedAsync(SpdyFrames.Header + looked, cancellationToken);
        _channel = null;
        if (looked > 0)
        {
            var id = BinaryPrimitives.ReadUInt32BigEndian(Inbound.Available.Span[SpdyFrames.Header..]);
            if (type != SpdyFrameType.Ping)
            {
                _channel = SpdyStreams.Channel(HasStdin, id);
                if (type == SpdyFrameType.RstStream && _channel == ExecChannel.Stdin)
                {
                    StdinIsOver();
                }
            }
            else if (id % 2 != OwnPing)
            {
                Connection.Outbound.Post(Inbound.Available.Span[..(SpdyFrames.Header + looked)]);
            }
        }

        Inbound.Consume(SpdyFrames.Header + looked);
        Begin(length - looked, isSkipping: true, isLast);
    }

    private void Begin(int length, bool isSkipping, bool isLast)
    {
        _left = length;
        _isSkipping = isSkipping;
        _isLastFrame = isLast;
    }

    private void End(ExecChannel? channel)
    {
        switch (channel)
        {
            case ExecChannel.Status:
                _hasStatusEnded = true;
                break;
            case ExecChannel.Stdout:
                _hasStdoutEnded = true;
                break;
            case ExecChannel.Stderr:
                _hasStderrEnded = true;
                break;
        }
    }

    private static (uint First, uint Second) ReadWords(ReadOnlySpan<byte> header) =>
        (BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
}
