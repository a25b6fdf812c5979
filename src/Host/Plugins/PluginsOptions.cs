namespace ContainerGroups.Host.Plugins;

/// <summary>The section <c>Plugins</c> of the configuration.</summary>
internal sealed class PluginsOptions
{
    public const string Section = "Plugins";

    /// <summary>Where plugin folders are looked for, in this order. Relative paths start at the executable's directory; an empty list is
    /// <c>plugins</c>.</summary>
    public IList<string> Directories { get; init; } = [];

    /// <summary>Ids of plugins that are not loaded.</summary>
    public IList<string> Disabled { get; init; } = [];

    /// <summary>Ids of built-in plugins that a folder may replace. Without it, a folder with the id of a built-in plugin is refused.</summary>
    public IList<string> Override { get; init; } = [];

    /// <summary>How long a plugin may take to load and register. The server's start waits for it.</summary>
    public TimeSpan RegisterTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The directories as absolute paths, each once.</summary>
    public IReadOnlyList<string> ResolveDirectories(string baseDirectory) =>
        [.. (Directories.Count == 0 ? ["plugins"] : Directories)
            .Select(directory => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory, baseDirectory)))
            .Distinct(StringComparer.Ordinal)];
}
