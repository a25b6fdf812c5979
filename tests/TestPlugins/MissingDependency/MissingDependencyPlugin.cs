using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class MissingDependencyPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        registry.AddCredentialType(new YamlCredentialType("missing_dependency"));
}
