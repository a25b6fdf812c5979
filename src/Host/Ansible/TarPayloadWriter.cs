using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Host.Ansible;

/// <summary>
/// Writes a job's archive. What is left behind by a crash lies in the data directory's temporary part, which is emptied at every start.
/// </summary>
internal sealed class TarPayloadWriter : IAsyncDisposable
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;
    private const UnixFileMode Executable = UnixFileMode.UserExecute;

    /// <summary>The longest name that fits into a plain ustar header without being split, in bytes.</summary>
    private const int UstarName = 100;

    private readonly string _path;
    private readonly ArchiveStream _archive;
    private readonly TarWriter _tar;
    private readonly HashSet<string> _directories = [];
    private bool _finished;

    private TarPayloadWriter(string path)
    {
        _path = path;
        _archive = new ArchiveStream(path);
        _tar = new TarWriter(_archive, TarEntryFormat.Pax, leaveOpen: true);
    }

    public static TarPayloadWriter Create(string temporaryDirectory) =>
        new(Path.Combine(temporaryDirectory, $"payload-{Guid.NewGuid():N}.tar"));

    /// <summary>Adds a file, and the directories above it.</summary>
    public Task AddFileAsync(string name, string text, CancellationToken cancellationToken) =>
        AddFileAsync(name, Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <inheritdoc cref="AddFileAsync(string, string, CancellationToken)"/>
    public async Task AddFileAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await AddParentsAsync(name, cancellationToken);
        var entry = NewEntry(TarEntryType.RegularFile, name, PrivateFile);
        entry.DataStream = new MemoryStream(content.ToArray(), writable: false);
        await _tar.WriteEntryAsync(entry, cancellationToken);
    }

    /// <summary>
    /// Adds the files below a directory, under <paramref name="prefix"/> (with its slash, or empty). Links that lead out of it are
    /// left out: nothing of the host that is not the project's comes into an environment.
    /// </summary>
    public async Task AddDirectoryAsync(string directory, string prefix, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (path, entry) in ProjectTree.Walk(directory))
            {
                await AddAsync(prefix + path, entry, cancellationToken);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            // To try again would not help: a file that the server may not read stays so until somebody changes it.
            throw new ProgramBuildException($"The project's files can't be read: {e.Message}", e);
        }
    }

    /// <summary>Ends the archive and gives it away.</summary>
    public async Task<TarPayload> FinishAsync(CancellationToken cancellationToken)
    {
        await _tar.DisposeAsync();
        if (_archive.File is not { } file)
        {
            _finished = true;
            return TarPayload.InMemory(_archive.Memory);
        }

        file.Position = 0;
        var hash = await SHA256.HashDataAsync(file, cancellationToken);
        var payload = TarPayload.OnDisk(_path, file.Length, hash);
        await file.DisposeAsync();
        _finished = true;
        return payload;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_finished && _archive.File is { } file)
        {
            await file.DisposeAsync();
            File.Delete(_path);
        }
    }

    private Task AddAsync(string name, FileSystemInfo entry, CancellationToken cancellationToken) => entry switch
    {
        { LinkTarget: { } target } => AddLinkAsync(name, target, cancellationToken),
        DirectoryInfo => AddParentsAsync(name + "/", cancellationToken),
        _ => AddDiskFileAsync(name, (FileInfo)entry, cancellationToken),
    };

    private async Task AddDiskFileAsync(string name, FileInfo file, CancellationToken cancellationToken)
    {
        await AddParentsAsync(name, cancellationToken);
        var isExecutable = !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(Executable);
        var entry = NewEntry(TarEntryType.RegularFile, name, isExecutable ? PrivateDirectory : PrivateFile);
        // Pipes and devices have no length, and opening one may block for ever: they go in as empty files.
        await using var content = file.Length == 0 ? null : new FileStream(
            file.FullName, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.SequentialScan });
        var length = content?.Length;
        entry.DataStream = content;
        await _tar.WriteEntryAsync(entry, cancellationToken);
        if (content?.Length != length)
        {
            throw new ProgramBuildException($"The project's file {name} was changed while it was read; launch the job again.");
        }
    }

    private async Task AddLinkAsync(string name, string target, CancellationToken cancellationToken)
    {
        await AddParentsAsync(name, cancellationToken);
        var entry = NewEntry(TarEntryType.SymbolicLink, name, PrivateDirectory, target);
        await _tar.WriteEntryAsync(entry, cancellationToken);
    }

    private async Task AddParentsAsync(string name, CancellationToken cancellationToken)
    {
        for (var slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            if (_directories.Add(name[..slash]))
            {
                await _tar.WriteEntryAsync(NewEntry(TarEntryType.Directory, name[..slash] + "/", PrivateDirectory), cancellationToken);
            }
        }
    }

    /// <summary>ustar wherever a name fits: the small unpackers in small images read no pax headers.</summary>
    private static TarEntry NewEntry(TarEntryType type, string name, UnixFileMode mode, string? link = null)
    {
        var isShort = Encoding.UTF8.GetByteCount(name) <= UstarName && (link is null || Encoding.UTF8.GetByteCount(link) <= UstarName);
        TarEntry entry = isShort ? new UstarTarEntry(type, name) : new PaxTarEntry(type, name);
        entry.Mode = mode;
        if (link is not null)
        {
            entry.LinkName = link;
        }

        return entry;
    }
}
