namespace ContainerGroups.Host.Hosting;

/// <summary>The settings that belong to the process rather than to a capability.</summary>
internal static class ConfigurationKeys
{
    /// <summary>The data directory; an absolute path once the sources are read.</summary>
    public const string Data = "Data";

    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public const string Urls = "Urls";

    /// <summary>The hostname of the instance that this process serves; empty for the machine's own name.</summary>
    public const string Instance = "Instance";
}
