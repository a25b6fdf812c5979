using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ContainerGroups.Host.Tests.Projects;

/// <summary>Makes archives, good and bad, in memory.</summary>
internal static class ArchiveMaker
{
    public const int SymbolicLink = 0xA1FF << 16;

    public const int Device = 0x21FF << 16;

    public static byte[] TarGz(params TarEntry[] entries) => TarGz(TarEntryFormat.Pax, entries);

    public static byte[] TarGz(TarEntryFormat format, params TarEntry[] entries)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        using (var tar = new TarWriter(gzip, format))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return packed.ToArray();
    }

    public static TarEntry TarFile(string name, string content = "x", UnixFileMode mode = UnixFileMode.UserRead) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Mode = mode };

    public static TarEntry TarLink(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        new PaxTarEntry(type, name) { LinkName = target };

    public static byte[] Zip(params (string Name, string Content, int Attributes)[] entries)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, attributes) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return packed.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>One header of a tar, as the format says, with a checksum that fits.</summary>
    public static byte[] TarHeader(string name, char type, long size)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name, header);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0'), header.AsSpan(124));
        "00000000000\0"u8.CopyTo(header.AsSpan(136));
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ", header.AsSpan(148));
        return header;
    }
}
