using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Host.Cli;

/// <summary>The files that a playbook is uploaded with, in an order that doesn't depend on the file system.</summary>
internal sealed class ProjectDirectory
{
    private static readonly string[] Skipped = [".git", ".hg", ".svn"];

    private readonly string _excluded;
    private readonly SortedDictionary<string, ProjectFile> _files = new(StringComparer.Ordinal);

    private ProjectDirectory(string excluded) => _excluded = Path.GetFullPath(excluded);

    public IReadOnlyCollection<ProjectFile> Files => _files.Values;

    public long Length => Files.Sum(file => file.Length);

    /// <param name="root">The directory.</param>
    /// <param name="excluded">A directory that is left out wherever it lies: the server's own data.</param>
    /// <exception cref="CliException">The directory is not there or can't be read.</exception>
    public static ProjectDirectory Scan(string root, string excluded)
    {
        var project = new ProjectDirectory(excluded);
        project.Add(root, "");
        return project;
    }

    /// <summary>Adds another directory's files at a place of their own; returns the names of those whose place is taken.</summary>
    /// <exception cref="CliException">The directory is not there or can't be read.</exception>
    public IReadOnlyList<string> Add(string directory, string place)
    {
        var files = new List<ProjectFile>();
        try
        {
            Scan(new DirectoryInfo(directory), place.Length == 0 ? "" : place + "/", _excluded, files, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.BadRequest, $"The directory {directory} can't be read: {e.Message}", e);
        }

        return [.. files.Where(file => !_files.TryAdd(file.Name, file)).Select(file => file.Name)];
    }

    /// <summary>A digest of names, modes and contents: the same files have the same one, whenever and wherever.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 << 10];
        foreach (var file in Files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\0{(file.Executable ? 'x' : '-')}\0{file.Length}\0"));
            await using var stream = file.Open();
            int read;
            while (stream is not null && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Links are followed, since an archive with links is refused: what they point to is what Ansible would have read.</summary>
    private static void Scan(DirectoryInfo directory, string prefix, string excluded, List<ProjectFile> files, HashSet<string> above)
    {
        var real = (directory.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? directory.FullName).TrimEnd('/');
        if (real == excluded.TrimEnd('/') || !above.Add(real))
        {
            return;
        }

        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            var target = entry.LinkTarget is null ? entry : entry.ResolveLinkTarget(returnFinalTarget: true);
            switch (target)
            {
                case DirectoryInfo { Exists: true } when !Skipped.Contains(entry.Name):
                    Scan(new DirectoryInfo(entry.FullName), $"{prefix}{entry.Name}/", excluded, files, above);
                    break;
                case FileInfo { Exists: true } file:
                    files.Add(new ProjectFile($"{prefix}{entry.Name}", file.FullName, file.Length, file.UnixFileMode));
                    break;
                default:
                    // Dangling links are no part of a project.
                    break;
            }
        }

        above.Remove(real);
    }
}
