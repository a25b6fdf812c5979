namespace ContainerGroups.Host.Projects;

/// <summary>Where a path really leads.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Follows every symbolic link in an absolute path; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Of(string path)
    {
        var rest = new Stack<string>(Parts(path));
        var current = "/";
        var links = 0;
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? "/";
                continue;
            }

            var next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"too many symbolic links in '{path}'");
            }

            current = Path.IsPathRooted(target) ? "/" : current;
            foreach (var linked in Parts(target))
            {
                rest.Push(linked);
            }
        }

        return current;
    }

    /// <summary>Whether <paramref name="path"/> is below <paramref name="root"/>, or is it, with all links followed.</summary>
    public static bool IsInside(string root, string path)
    {
        var (realRoot, real) = (Of(root), Of(path));
        return real == realRoot || real.StartsWith(realRoot.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    /// <summary>Last first, as a stack wants them.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").Reverse();
}
