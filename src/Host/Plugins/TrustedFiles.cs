namespace ContainerGroups.Host.Plugins;

/// <summary>Files of a plugin of which only those are read that the trust policy knows, byte for byte.</summary>
internal sealed class TrustedFiles(PluginFiles files, IReadOnlyDictionary<string, string> hashes) : PluginFiles
{
    public override string Location => files.Location;

    public override string? Directory => files.Directory;

    public override IReadOnlyList<string> Names => files.Names;

    public override byte[] Read(string name)
    {
        var content = files.Read(name);
        return hashes.TryGetValue(name, out var hash) && string.Equals(hash, HashOf(content), StringComparison.OrdinalIgnoreCase)
            ? content
            : throw new PluginRefusedException($"{name} is not the file that Plugins:Trust allows: it changed while the plugin was loaded.");
    }
}
