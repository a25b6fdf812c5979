using System.Formats.Tar;
using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>Unpacks an archive below a directory and nowhere else.</summary>
/// <param name="root">The directory, empty.</param>
/// <param name="made">Called for everything made, to hand it over to its owner.</param>
internal sealed class TreeUnpacker(string root, Action<string> made)
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnixFileMode> _directories = new(StringComparer.Ordinal) { [""] = Private };

    public async Task UnpackAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(archive, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            await AddAsync(entry, cancellationToken);
        }

        // Links come last, so that nothing is ever written through one.
        foreach (var (name, target) in _links)
        {
            AddLink(name, target);
        }

        // Modes too, deepest first: an archive may close a directory that it fills.
        foreach (var (name, mode) in _directories.OrderByDescending(directory => directory.Key.Length))
        {
            File.SetUnixFileMode(PathOf(name), mode);
        }
    }

    private async Task AddAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
        {
            return;
        }

        var name = TreePath.Normalize(entry.Name) ?? throw Refused($"The archive's entry '{entry.Name}' leads out of the job's directory.");
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                MakeDirectory(name);
                _directories[name] = name.Length == 0 ? Private : entry.Mode & Permissions;
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile when name.Length > 0:
                await WriteFileAsync(entry, name, cancellationToken);
                break;
            case TarEntryType.SymbolicLink when name.Length > 0:
                _links[name] = entry.LinkName;
                break;
            default:
                throw Refused($"The archive's entry '{entry.Name}' is no file, directory or symbolic link ({entry.EntryType}).");
        }
    }

    private async Task WriteFileAsync(TarEntry entry, string name, CancellationToken cancellationToken)
    {
        MakeDirectory(ParentOf(name));
        var path = PathOf(name);
        if (_directories.ContainsKey(name))
        {
            throw Refused($"The archive holds '{name}' as a directory and as a file.");
        }

        // An archive may hold a name twice; the later one counts, as tar does it.
        _links.Remove(name);
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Private,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        await using (var file = new FileStream(path, options))
        {
            if (entry.DataStream is { } content)
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            File.SetUnixFileMode(file.SafeFileHandle, entry.Mode & Permissions);
        }

        File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
        made(path);
    }

    private void AddLink(string name, string target)
    {
        if (!TreePath.StaysInside(name, _links))
        {
            throw Refused($"The archive's link '{name}' leads out of the job's directory.");
        }

        MakeDirectory(ParentOf(name));
        var path = PathOf(name);
        if (Directory.Exists(path))
        {
            throw Refused($"The archive holds '{name}' as a directory and as a link.");
        }

        File.Delete(path);
        File.CreateSymbolicLink(path, target);
        made(path);
    }

    private void MakeDirectory(string name)
    {
        if (_directories.ContainsKey(name))
        {
            return;
        }

        MakeDirectory(ParentOf(name));
        if (_links.ContainsKey(name) || File.Exists(PathOf(name)))
        {
            throw Refused($"The archive holds '{name}' as a directory and as something else.");
        }

        Directory.CreateDirectory(PathOf(name), Private);
        made(PathOf(name));
        _directories[name] = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    }

    private string PathOf(string name) => Path.Combine(root, name);

    private static string ParentOf(string name) => name.LastIndexOf('/') is > 0 and var at ? name[..at] : "";

    private static BackendException Refused(string message) => new(BackendFailureReason.InvalidSettings, message);
}
