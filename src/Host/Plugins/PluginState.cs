namespace ContainerGroups.Host.Plugins;

internal enum PluginState
{
    /// <summary>Loaded; what it offers can be used.</summary>
    Active,

    /// <summary>The configuration says not to load it.</summary>
    Disabled,

    /// <summary>Built for a contract that this server does not have.</summary>
    NotSupported,

    /// <summary>It could not be loaded, or failed while it registered.</summary>
    Malfunctioned,
}
