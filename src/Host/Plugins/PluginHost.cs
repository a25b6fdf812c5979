using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Plugins;

/// <summary>This server, as its plugins get to know it. Known once the database has been prepared.</summary>
internal sealed class PluginHost(InstallationIdentity installation, DataDirectory data)
{
    public PluginHostContext Context => new() { InstallationId = installation.Id, DataDirectory = data.Root };
}
