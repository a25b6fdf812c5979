using System.Buffers.Binary;

namespace ContainerGroups.Host.Projects;

/// <summary>Counts the entries of a zip before the library reads them all into memory.</summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;

    private const int HeaderLength = 46;

    private const int MaxComment = ushort.MaxValue;

    public static void Check(FileStream file, int maxEntries)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndLength + MaxComment)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || tail.Length - end < EndLength)
        {
            throw new ArchiveRefusedException("It is not a zip archive, or one that is cut short.");
        }

        var offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        if (offset == uint.MaxValue || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10)) == ushort.MaxValue)
        {
            throw new ArchiveRefusedException("Zip archives of more than 65534 entries or 4 GiB are not taken: send a tar.gz.");
        }

        file.Position = offset;
        CountHeaders(file, maxEntries);
        file.Position = 0;
    }

    private static void CountHeaders(FileStream file, int maxEntries)
    {
        var header = new byte[HeaderLength];
        for (var entries = 0; file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength; entries++)
        {
            if (!header.AsSpan().StartsWith("PK\u0001\u0002"u8))
            {
                return;
            }

            if (entries == maxEntries)
            {
                throw new ArchiveRefusedException($"It has more entries than are taken, which is at most {maxEntries}.");
            }

            file.Position += BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28))
                + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30))
                + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
        }
    }
}
