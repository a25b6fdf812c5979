using System.Text;

namespace ContainerGroups.Host.Projects;

/// <summary>
/// Walks the headers of a tar before the library reads it: the library takes an extended header of any length into memory,
/// and lets it change the length of the entry that follows.
/// </summary>
internal static class TarHeaders
{
    private const int Block = 512;

    private const int MaxExtendedHeader = 256 << 10;

    /// <param name="tar">The unpacked tar.</param>
    /// <param name="count">Told the name of the entry and its bytes, headers and padding included.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public static async Task CheckAsync(Stream tar, Action<string, long> count, CancellationToken cancellationToken)
    {
        var header = new byte[Block];
        var name = "";
        while (await tar.ReadAtLeastAsync(header, Block, throwOnEndOfStream: false, cancellationToken) is var read && read > 0)
        {
            if (read < Block)
            {
                throw Damaged(name);
            }

            if (!header.AsSpan().ContainsAnyExcept((byte)0))
            {
                return;
            }

            name = Text(header.AsSpan(0, 100));
            if (!ChecksumFits(header))
            {
                throw Damaged(name);
            }

            var size = Number(header.AsSpan(124, 12)) ?? throw Damaged(name);
            count(name, Block);
            if (header[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K')
            {
                await CheckExtendedAsync(tar, name, size, header[156] is (byte)'x' or (byte)'g', count, cancellationToken);
            }
            else
            {
                await SkipAsync(tar, name, Padded(size), count, cancellationToken);
            }
        }
    }

    private static async Task CheckExtendedAsync(
        Stream tar, string name, long size, bool isPax, Action<string, long> count, CancellationToken cancellationToken)
    {
        if (size > MaxExtendedHeader)
        {
            throw ArchiveRefusedException.Entry(name, $"has an extended header of more than {MaxExtendedHeader} bytes");
        }

        var content = new byte[Padded(size)];
        count(name, content.Length);
        try
        {
            await tar.ReadExactlyAsync(content, cancellationToken);
        }
        catch (EndOfStreamException)
        {
            throw Damaged(name);
        }

        if (isPax && ChangesTheSize(content.AsSpan(0, (int)size), name))
        {
            throw ArchiveRefusedException.Entry(name, "has a length that only an extended header tells: it is too long, or sparse");
        }
    }

    private static async Task SkipAsync(Stream tar, string name, long bytes, Action<string, long> count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (bytes > 0)
        {
            var read = await tar.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                throw Damaged(name);
            }

            bytes -= read;
            count(name, read);
        }
    }

    /// <summary>Records are <c>LENGTH KEY=VALUE\n</c>, the length counting itself.</summary>
    private static bool ChangesTheSize(ReadOnlySpan<byte> records, string name)
    {
        while (records.Length > 0 && records[0] != 0)
        {
            var space = records.IndexOf((byte)' ');
            if (space < 0 || !int.TryParse(records[..space], out var length) || length <= space + 1 || length > records.Length)
            {
                throw Damaged(name);
            }

            var record = records[(space + 1)..length];
            if (record.StartsWith("size="u8) || record.StartsWith("GNU.sparse"u8))
            {
                return true;
            }

            records = records[length..];
        }

        return false;
    }

    private static bool ChecksumFits(ReadOnlySpan<byte> header)
    {
        var sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return Number(header.Slice(148, 8)) == sum;
    }

    /// <summary>Octal digits, or, from GNU, base 256 with the first bit set.</summary>
    private static long? Number(ReadOnlySpan<byte> field)
    {
        long value = 0;
        if (field[0] >= 0x80)
        {
            foreach (var b in field[4..])
            {
                value = (value << 8) | b;
            }

            return field[0] == 0x80 && value >= 0 && !field[1..4].ContainsAnyExcept((byte)0) ? value : null;
        }

        foreach (var b in field.Trim(" \0"u8))
        {
            if (b is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value << 3) | (uint)(b - '0');
        }

        return value;
    }

    private static long Padded(long size) => size + (Block - size % Block) % Block;

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static ArchiveRefusedException Damaged(string after) =>
        new(after.Length == 0 ? "It is not a tar archive, or a damaged one." : ArchiveRefusedException.Entry(after, "is damaged or cut short").Message);
}
