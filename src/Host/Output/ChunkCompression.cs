using System.Buffers;
using System.IO.Compression;

namespace ContainerGroups.Host.Output;

/// <summary>How the bytes of a chunk are kept.</summary>
internal static class ChunkCompression
{
    public const short None = 0;
    public const short Brotli = 1;

    /// <summary>Below this a chunk is a few short lines: its row costs more than its bytes.</summary>
    private const int SmallestWorthwhile = 512;

    private const int Quality = 1;
    private const int WindowBits = 18;

    /// <summary>Packs text that gets clearly smaller; what doesn't (images, archives, ciphertext) is kept as it is.</summary>
    public static (byte[] Data, short Compression) Pack(ReadOnlySpan<byte> text)
    {
        if (text.Length >= SmallestWorthwhile)
        {
            // Room for seven eighths only: the encoder gives up early on what doesn't pack.
            var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
            var isPacked = BrotliEncoder.TryCompress(text, buffer.AsSpan(0, text.Length - (text.Length / 8)), out var written, Quality, WindowBits);
            var packed = isPacked ? buffer.AsSpan(0, written).ToArray() : null;
            ArrayPool<byte>.Shared.Return(buffer);
            if (packed is not null)
            {
                return (packed, Brotli);
            }
        }

        return (text.ToArray(), None);
    }

    /// <summary>Gives the text back.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are not what was stored.</exception>
    public static byte[] Unpack(byte[] data, short compression, int length)
    {
        if (compression == None)
        {
            return data;
        }

        var text = new byte[length];
        return compression == Brotli && BrotliDecoder.TryDecompress(data, text, out var written) && written == length
            ? text
            : throw new InvalidDataException($"A stored piece of output can't be unpacked (compression {compression}, {data.Length} bytes).");
    }
}
