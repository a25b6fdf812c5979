namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin folder as it was when it was looked at last.</summary>
internal sealed record KnownFolder
{
    /// <summary>See <see cref="PluginDirectory.Stamp"/>.</summary>
    public required string Stamp { get; init; }

    /// <summary>The files that run, by their hashes; null when none does.</summary>
    public IReadOnlyDictionary<string, string>? Loaded { get; init; }

    /// <summary>Whether what runs is still what the folder holds.</summary>
    public bool Holds(IReadOnlyDictionary<string, string> hashes) =>
        Loaded is not null && Loaded.Count == hashes.Count && Loaded.All(file => hashes.GetValueOrDefault(file.Key) == file.Value);
}
