namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin that the executable carries: nobody can change it there, and nothing has to be unpacked.</summary>
internal sealed class EmbeddedPlugin : PluginFiles
{
    // Written by the build: plugins/NAME/FILE.
    private const string Prefix = "plugins/";

    private readonly string _name;

    private EmbeddedPlugin(string name, IEnumerable<string> files)
    {
        _name = name;
        Location = $"(built in)/{name}";
        Names = [.. files.Order(StringComparer.Ordinal)];
    }

    public override string Location { get; }

    public override string? Directory => null;

    public override IReadOnlyList<string> Names { get; }

    /// <summary>Those of this executable; none in one that was not published as a single file.</summary>
    public static IReadOnlyList<EmbeddedPlugin> All() =>
        [.. typeof(EmbeddedPlugin).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(resource => resource[Prefix.Length..].Split('/', 2))
            .GroupBy(parts => parts[0], parts => parts[1], StringComparer.Ordinal)
            .OrderBy(plugin => plugin.Key, StringComparer.Ordinal)
            .Select(plugin => new EmbeddedPlugin(plugin.Key, plugin))];

    public override byte[] Read(string name)
    {
        using var resource = typeof(EmbeddedPlugin).Assembly.GetManifestResourceStream($"{Prefix}{_name}/{name}")
            ?? throw new FileNotFoundException($"There is no {name} in the built-in plugin {_name}.", name);
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
