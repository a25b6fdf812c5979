using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ContainerGroups.Host.Projects;

/// <summary>Reads a <c>.tar.gz</c>: regular files and directories; anything else is refused.</summary>
internal static class TarGzipArchive
{
    public static bool Begins(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, ..];

    public static async IAsyncEnumerable<ArchiveItem> ReadAsync(
        FileStream file, ArchiveGuard guard, ArchiveGuard headerGuard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true))
        {
            await TarHeaders.CheckAsync(gzip, headerGuard.Count, cancellationToken);
        }

        file.Position = 0;
        await using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        await using var tar = new TarReader(unpacked);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
            {
                continue;
            }

            var isDirectory = entry.EntryType == TarEntryType.Directory;
            if (!isDirectory && entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                throw ArchiveRefusedException.Entry(entry.Name, $"is {KindOf(entry.EntryType)}: only files and directories are taken");
            }

            var name = guard.Admit(entry.Name, isDirectory);
            if (name.Length > 0)
            {
                var content = new GuardedStream(entry.DataStream ?? Stream.Null, name, bytes => guard.Count(name, bytes.Length));
                yield return new ArchiveItem(name, isDirectory, entry.Mode.HasFlag(UnixFileMode.UserExecute), content);
            }
        }
    }

    private static string KindOf(TarEntryType type) => type switch
    {
        TarEntryType.SymbolicLink => "a symbolic link",
        TarEntryType.HardLink => "a hard link",
        TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "a device",
        TarEntryType.Fifo => "a named pipe",
        _ => $"of the kind {type}",
    };
}
