using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ContainerGroups.Host.Projects;

/// <summary>Reads a <c>.zip</c>: regular files and directories; anything else is refused.</summary>
internal static class ZipFileArchive
{
    private const int FileKind = 0xF000;

    private const int RegularFile = 0x8000;

    private const int DirectoryKind = 0x4000;

    private const int OwnerMayRun = 0x40;

    public static bool Begins(ReadOnlySpan<byte> head) => head.StartsWith("PK"u8);

    public static async IAsyncEnumerable<ArchiveItem> ReadAsync(
        FileStream file, ArchiveGuard guard, int maxEntries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ZipDirectory.Check(file, maxEntries);
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var mode = entry.ExternalAttributes >> 16;
            var isDirectory = entry.FullName.EndsWith('/');
            RequireKind(entry, mode & FileKind, isDirectory);
            var name = guard.Admit(entry.FullName, isDirectory);
            if (isDirectory)
            {
                if (name.Length > 0)
                {
                    yield return new ArchiveItem(name, true, false, Stream.Null);
                }

                continue;
            }

            await using var content = await entry.OpenAsync(cancellationToken);
            var (crc, length) = (default(Crc32), 0L);
            await using var guarded = new GuardedStream(content, name, bytes =>
            {
                guard.Count(name, bytes.Length);
                crc.Add(bytes);
                length += bytes.Length;
            });
            yield return new ArchiveItem(name, false, (mode & OwnerMayRun) != 0, guarded);
            await guarded.CopyToAsync(Stream.Null, cancellationToken);
            if (length != entry.Length || crc.Value != entry.Crc32)
            {
                throw ArchiveRefusedException.Entry(entry.FullName, "is damaged: its checksum does not fit");
            }
        }
    }

    private static void RequireKind(ZipArchiveEntry entry, int kind, bool isDirectory)
    {
        if (entry.IsEncrypted)
        {
            throw ArchiveRefusedException.Entry(entry.FullName, "is encrypted");
        }

        if (kind != 0 && kind != (isDirectory ? DirectoryKind : RegularFile))
        {
            throw ArchiveRefusedException.Entry(entry.FullName, "is a link or a device: only files and directories are taken");
        }
    }
}
