using System.Buffers.Binary;
using System.Text;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>The bytes that Kubernetes' side of an exec sends.</summary>
internal static class PeerFrames
{
    public const string Success = """{"metadata":{},"status":"Success"}""";

    public const string ExitCode3 = """
        {"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}
        """;

    public static byte[] WebSocket(int opcode, ReadOnlySpan<byte> payload, bool isLast = true)
    {
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)payload.Length],
            < 65536 => [126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [127, 0, 0, 0, 0, .. Number(payload.Length)],
        };
        return [(byte)((isLast ? 0x80 : 0) | opcode), .. length, .. payload];
    }

    public static byte[] WebSocketMessage(byte channel, string text) => WebSocket(2, [channel, .. Encoding.UTF8.GetBytes(text)]);

    public static byte[] WebSocketClose(int code, string reason = "") =>
        WebSocket(8, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public static byte[] SpdyData(int stream, ReadOnlySpan<byte> data, bool isLast = false) =>
        [.. Number(stream), .. Number((isLast ? 1 << 24 : 0) | data.Length), .. data];

    public static byte[] SpdyData(int stream, string text, bool isLast = false) => SpdyData(stream, Encoding.UTF8.GetBytes(text), isLast);

    public static byte[] SpdyControl(int type, ReadOnlySpan<byte> payload, byte flags = 0) =>
        [0x80, 3, 0, (byte)type, .. Number((flags << 24) | payload.Length), .. payload];

    public static byte[] SpdyReset(int stream) => SpdyControl(3, [.. Number(stream), .. Number(5)]);

    public static byte[] SpdyPing(int id) => SpdyControl(6, Number(id));

    public static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The same bytes in pieces of these sizes, in turn.</summary>
    public static IEnumerable<byte[]> Cut(byte[] bytes, IReadOnlyList<int> sizes)
    {
        for (int at = 0, turn = 0; at < bytes.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Count], bytes.Length - at);
            yield return bytes[at..(at + size)];
            at += size;
        }
    }
}
