using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ContainerGroups.Kubernetes.Exec.WebSockets;

/// <summary>Writes a client's frames: whole messages, masked (RFC 6455, section 5).</summary>
internal static class WebSocketFrames
{
    /// <summary>Of a masked frame: two bytes, eight of length, four of mask.</summary>
    public const int LongestHeader = 14;

    /// <summary>What a control frame may carry.</summary>
    public const int LongestControl = 125;

    /// <summary>Writes a frame whose payload is <paramref name="first"/> and then <paramref name="rest"/>; its length.</summary>
    public static int Write(WebSocketOpcode opcode, ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest, Span<byte> frame)
    {
        var length = first.Length + rest.Length;
        frame[0] = (byte)(0x80 | (byte)opcode);
        var header = WriteLength(length, frame);
        var mask = frame.Slice(header, 4);
        RandomNumberGenerator.Fill(mask);
        var payload = frame.Slice(header + 4, length);
        first.CopyTo(payload);
        rest.CopyTo(payload[first.Length..]);
        Mask(payload, MemoryMarshal.Read<uint>(mask));
        return header + 4 + length;
    }

    public static byte[] Control(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[6 + payload.Length];
        Write(opcode, payload, [], frame);
        return frame;
    }

    private static int WriteLength(int length, Span<byte> frame)
    {
        switch (length)
        {
            case < 126:
                frame[1] = (byte)(0x80 | length);
                return 2;
            case <= ushort.MaxValue:
                frame[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)length);
                return 4;
            default:
                frame[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame[2..], (ulong)length);
                return 10;
        }
    }

    private static void Mask(Span<byte> payload, uint mask)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
        var wide = new Vector<uint>(mask);
        foreach (ref var vector in vectors)
        {
            vector ^= wide;
        }

        // Vectors hold whole masks, so what is left begins with the mask's first byte.
        var left = payload[(vectors.Length * Vector<byte>.Count)..];
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, mask);
        for (var i = 0; i < left.Length; i++)
        {
            left[i] ^= bytes[i & 3];
        }
    }
}
