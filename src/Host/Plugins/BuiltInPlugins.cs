namespace ContainerGroups.Host.Plugins;

/// <summary>The plugins that come with the executable.</summary>
internal sealed class BuiltInPlugins(IReadOnlyList<PluginFiles> plugins)
{
    private readonly Lazy<HashSet<string>> _ids = new(() =>
        [.. plugins.Select(plugin => PluginManifest.Read(plugin).Id)]);

    public IReadOnlyList<PluginFiles> Plugins { get; } = plugins;

    public bool Contains(string id) => _ids.Value.Contains(id);
}
