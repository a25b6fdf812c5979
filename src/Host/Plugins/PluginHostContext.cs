namespace ContainerGroups.Host.Plugins;

/// <summary>What the plugins learn of the server that they run in.</summary>
internal sealed record PluginHostContext
{
    /// <summary>Stable for the life of the installation; see <see cref="Abstractions.PluginContext.InstallationId"/>.</summary>
    public required string InstallationId { get; init; }

    /// <summary>The server's data directory; each plugin gets <c>plugins/ID</c> below it.</summary>
    public required string DataDirectory { get; init; }
}
