namespace ContainerGroups.Host.Projects;

/// <summary>Projects whose files somebody puts on this machine: directories below one root, and nowhere else.</summary>
internal sealed class ManualProjects(ProjectPaths paths)
{
    /// <summary>Why a path can't be one; null when it can, whether or not there is such a directory now.</summary>
    public string? FaultOf(string localPath)
    {
        if (localPath.Length == 0)
        {
            return "This field is required for manual projects.";
        }

        if (Path.IsPathRooted(localPath) || localPath.Any(char.IsControl) || localPath.Split('/').Any(p => p is ".." or "." or ""))
        {
            return $"Must be the relative path of a directory below {paths.Root}.";
        }

        return IsInside(localPath) ? null : $"Leads out of {paths.Root} by a symbolic link.";
    }

    /// <summary>The directory, all links followed.</summary>
    /// <exception cref="ProjectUnavailableException">It is not there, or not inside.</exception>
    public string Find(string name, string localPath)
    {
        if (FaultOf(localPath) is { } fault)
        {
            throw new ProjectUnavailableException($"The local path \"{localPath}\" of project \"{name}\": {fault}");
        }

        var directory = RealPath.Of(Path.Combine(paths.Root, localPath));
        return Directory.Exists(directory)
            ? directory
            : throw new ProjectUnavailableException($"The directory \"{localPath}\" of project \"{name}\" does not exist below {paths.Root}.");
    }

    /// <summary>The directories that a project may be made of, as AWX lists them.</summary>
    public IReadOnlyList<string> Candidates() => Directory.Exists(paths.Root)
        ? [.. new DirectoryInfo(paths.Root).EnumerateDirectories().Select(d => d.Name)
            .Where(n => !n.StartsWith('.') && !n.StartsWith('_')).Where(IsInside).Order(StringComparer.Ordinal)]
        : [];

    private bool IsInside(string localPath)
    {
        try
        {
            return RealPath.IsInside(paths.Root, Path.Combine(paths.Root, localPath));
        }
        catch (IOException)
        {
            return false;
        }
    }
}
