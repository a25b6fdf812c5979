using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class BadManifestPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        throw new InvalidOperationException("Code behind a bad manifest must never be loaded.");
}
