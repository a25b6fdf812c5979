using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ContainerGroups.Kubernetes.Exec.Spdy;

/// <summary>Writes a client's SPDY/3.1 frames.</summary>
internal static class SpdyFrames
{
    /// <summary>Of every frame: what it is, flags, and three bytes of length.</summary>
    public const int Header = 8;

    public const byte Fin = 1;

    private const ushort ControlVersion3 = 0x8003;

    private static readonly byte[] WithStdin = BuildOpening(SpdyStreams.Of(stdin: true));
    private static readonly byte[] WithoutStdin = BuildOpening(SpdyStreams.Of(stdin: false));

    /// <summary>The id of our pings; the other side's are even.</summary>
    public static byte[] Ping { get; } = Control(SpdyFrameType.Ping, 0, [0, 0, 0, 1]);

    /// <summary>Opens all streams of an exec. Always the same bytes, so that no session has a compressor.</summary>
    public static ReadOnlyMemory<byte> Opening(bool stdin) => stdin ? WithStdin : WithoutStdin;

    /// <summary>Writes a data frame; its length.</summary>
    public static int WriteData(uint stream, byte flags, ReadOnlySpan<byte> data, Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame, stream);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], ((uint)flags << 24) | (uint)data.Length);
        data.CopyTo(frame[Header..]);
        return Header + data.Length;
    }

    public static byte[] Control(SpdyFrameType type, byte flags, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[Header + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, ControlVersion3);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), ((uint)flags << 24) | (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(Header));
        return frame;
    }

    /// <summary>
    /// The header blocks of a connection are one zlib stream, flushed after each. It doesn't use SPDY's dictionary, which a reader of
    /// zlib streams learns from the stream's own header.
    /// </summary>
    private static byte[] BuildOpening(IReadOnlyList<SpdyStream> streams)
    {
        using var blocks = new MemoryStream();
        using var compressor = new ZLibStream(blocks, CompressionLevel.Fastest, leaveOpen: true);
        var opening = new List<byte>();
        foreach (var stream in streams)
        {
            blocks.SetLength(0);
            compressor.Write(HeaderBlock("streamtype", stream.Type));
            compressor.Flush();
            var payload = new byte[10 + blocks.Length];
            BinaryPrimitives.WriteUInt32BigEndian(payload, stream.Id);
            blocks.ToArray().CopyTo(payload, 10);
            opening.AddRange(Control(SpdyFrameType.SynStream, 0, payload));
        }

        return [.. opening];
    }

    private static byte[] HeaderBlock(string name, string value)
    {
        var block = new byte[12 + name.Length + value.Length];
        BinaryPrimitives.WriteInt32BigEndian(block, 1);
        BinaryPrimitives.WriteInt32BigEndian(block.AsSpan(4), name.Length);
        Encoding.ASCII.GetBytes(name, block.AsSpan(8));
        BinaryPrimitives.WriteInt32BigEndian(block.AsSpan(8 + name.Length), value.Length);
        Encoding.ASCII.GetBytes(value, block.AsSpan(12 + name.Length));
        return block;
    }
}
