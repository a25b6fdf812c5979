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

internal static class PluginStates
{
    /// <summary>As answers and rows spell it.</summary>
    public static string Word(PluginState state) => state switch
    {
        PluginState.Active => "active",
        PluginState.Disabled => "disabled",
        PluginState.NotSupported => "not_supported",
        _ => "malfunctioned",
    };
}
