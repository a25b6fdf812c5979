using System.Globalization;

namespace ContainerGroups.Host.Projects;

/// <summary>Where on this host the files of projects lie.</summary>
/// <param name="root">Of manual projects.</param>
/// <param name="cache">Of everything that can be made again.</param>
internal sealed class ProjectPaths(string root, string cache)
{
    private const string RepositoryPrefix = "_";

    public string Root { get; } = root;

    public string Snapshots => Path.Combine(cache, "snapshots");

    /// <summary>The home directory of git commands.</summary>
    public string GitHome => Made(Path.Combine(cache, "home"));

    /// <summary>For uploads that are not checked yet.</summary>
    public string Uploads => Made(Path.Combine(cache, "uploads"));

    private string RepositoryRoot => Path.Combine(cache, "repositories");

    public string RepositoryOf(long projectId) =>
        Path.Combine(RepositoryRoot, RepositoryPrefix + projectId.ToString(CultureInfo.InvariantCulture));

    public IEnumerable<(long ProjectId, string Directory)> Repositories()
    {
        foreach (var directory in Directory.Exists(RepositoryRoot) ? Directory.EnumerateDirectories(RepositoryRoot) : [])
        {
            if (long.TryParse(Path.GetFileName(directory).AsSpan(RepositoryPrefix.Length), out var id))
            {
                yield return (id, directory);
            }
        }
    }

    private static string Made(string directory)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return directory;
    }
}
