namespace ContainerGroups.Host.Ansible;

/// <summary>The files of a project, as far as they may go into an environment.</summary>
internal static class ProjectTree
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Every file, directory and inner link below a directory, by its path relative to it, parents first.</summary>
    public static IEnumerable<(string Path, FileSystemInfo Entry)> Walk(string root) => Walk(new DirectoryInfo(root), "");

    /// <summary>Whether a link at this place, with this target, stays inside the tree when it is followed word by word.</summary>
    public static bool StaysInside(string linkPath, string target)
    {
        if (target.StartsWith('/') || target.Length == 0)
        {
            return false;
        }

        var depth = linkPath.Count(c => c == '/');
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            depth += part switch { "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<(string Path, FileSystemInfo Entry)> Walk(DirectoryInfo directory, string prefix)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos("*", Everything).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var path = prefix + entry.Name;
            if (entry.LinkTarget is { } target)
            {
                if (StaysInside(path, target))
                {
                    yield return (path, entry);
                }
            }
            else if (entry is DirectoryInfo inner)
            {
                yield return (path, inner);
                foreach (var found in Walk(inner, path + "/"))
                {
                    yield return found;
                }
            }
            else
            {
                yield return (path, entry);
            }
        }
    }
}
