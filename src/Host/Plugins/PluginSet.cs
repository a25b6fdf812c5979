using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>One unchanging state of the catalogue.</summary>
internal sealed record PluginSet
{
    public static readonly PluginSet Empty = new();

    public IReadOnlyList<PluginInfo> Plugins { get; private init; } = [];

    public IReadOnlyList<IExecutionBackend> Backends { get; private init; } = [];

    public IReadOnlyList<ICredentialType> CredentialTypes { get; private init; } = [];

    public PluginInfo? PluginOfBackend(string name) => Plugins.FirstOrDefault(plugin => plugin.Backends.Contains(name));

    public PluginInfo? PluginOfCredentialType(string @namespace) =>
        Plugins.FirstOrDefault(plugin => plugin.CredentialTypes.Contains(@namespace));

    /// <summary>With a plugin, in the place of what was known of its folder before.</summary>
    public PluginSet With(
        PluginInfo plugin,
        IReadOnlyList<IExecutionBackend>? backends = null,
        IReadOnlyList<ICredentialType>? credentialTypes = null) => new()
        {
            Plugins = Plugins.Any(own => own.Directory == plugin.Directory)
                ? [.. Plugins.Select(own => own.Directory == plugin.Directory ? plugin : own)]
                : [.. Plugins, plugin],
            Backends = [.. Backends, .. backends ?? []],
            CredentialTypes = [.. CredentialTypes, .. credentialTypes ?? []],
        };

    /// <summary>Without a folder that gave nothing.</summary>
    public PluginSet Without(string directory) => new()
    {
        Plugins = [.. Plugins.Where(own => own.Directory != directory)],
        Backends = Backends,
        CredentialTypes = CredentialTypes,
    };
}
