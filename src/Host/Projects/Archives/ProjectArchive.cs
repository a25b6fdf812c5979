namespace ContainerGroups.Host.Projects;

/// <summary>An uploaded archive, read with every check, whether it is only looked at or unpacked.</summary>
internal sealed class ProjectArchive(ProjectsOptions options)
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Reads it whole and returns the playbooks in it, in order.</summary>
    /// <exception cref="ArchiveRefusedException">It holds something that is not taken.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(FileStream file, CancellationToken cancellationToken)
    {
        var playbooks = new List<string>();
        await foreach (var item in ReadAsync(file, cancellationToken))
        {
            if (!item.IsDirectory && Playbooks.MayBeAt(item.Name) && await Playbooks.LooksLikeOneAsync(item.Content, cancellationToken))
            {
                playbooks.Add(item.Name);
            }

            await item.Content.CopyToAsync(Stream.Null, cancellationToken);
        }

        playbooks.Sort(StringComparer.Ordinal);
        return playbooks;
    }

    /// <summary>Unpacks it into an empty directory.</summary>
    /// <exception cref="ArchiveRefusedException">It holds something that is not taken; the directory may have got a part of it.</exception>
    public async Task UnpackAsync(FileStream file, string directory, CancellationToken cancellationToken)
    {
        await foreach (var item in ReadAsync(file, cancellationToken))
        {
            var path = Path.Combine(directory, item.Name);
            Directory.CreateDirectory(item.IsDirectory ? path : Path.GetDirectoryName(path)!);
            if (!item.IsDirectory)
            {
                var creation = new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Options = FileOptions.Asynchronous,
                    UnixCreateMode = item.Executable ? Runnable : Readable,
                };
                await using var target = new FileStream(path, creation);
                await item.Content.CopyToAsync(target, cancellationToken);
            }
        }
    }

    private async IAsyncEnumerable<ArchiveItem> ReadAsync(
        FileStream file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        file.Position = 0;
        var head = new byte[4];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        var guard = new ArchiveGuard(options, file.Length);
        var items = head.AsSpan(0, read) switch
        {
            var h when TarGzipArchive.Begins(h) => TarGzipArchive.ReadAsync(file, guard, new ArchiveGuard(WithHeaders(), file.Length), cancellationToken),
            var h when ZipFileArchive.Begins(h) => ZipFileArchive.ReadAsync(file, guard, options.MaxArchiveEntries, cancellationToken),
            _ => throw new ArchiveRefusedException("It is neither a tar.gz nor a zip archive."),
        };
        await using var enumerator = items.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(enumerator))
        {
            yield return enumerator.Current;
        }
    }

    /// <summary>A tar's headers come on top of what its files unpack to: a KiB or two for each.</summary>
    private ProjectsOptions WithHeaders() => new()
    {
        MaxUnpackedBytes = options.MaxUnpackedBytes + 4096L * options.MaxArchiveEntries,
        MaxArchiveRatio = options.MaxArchiveRatio,
        MaxArchiveEntries = options.MaxArchiveEntries,
    };

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ArchiveItem> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException or ArgumentException)
        {
            throw new ArchiveRefusedException($"It is damaged: {e.Message}", e);
        }
    }
}
