namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin in a folder of its own.</summary>
internal sealed class PluginDirectory(string directory) : PluginFiles
{
    private IReadOnlyList<string>? _names;

    public override string Location { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    public override string Directory => Location;

    /// <summary>As they were when they were asked for first.</summary>
    public override IReadOnlyList<string> Names => _names ??= [.. System.IO.Directory.EnumerateFiles(Location, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Location, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal)];

    public override byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Location, name));

    /// <summary>Changes whenever a file does, without reading any: names, lengths, times.</summary>
    public string Stamp()
    {
        var files = new DirectoryInfo(Location).EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Select(file => FormattableString.Invariant($"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}"));
        return string.Join('\n', files);
    }
}
