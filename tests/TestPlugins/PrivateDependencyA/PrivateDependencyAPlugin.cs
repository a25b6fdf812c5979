using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class PrivateDependencyAPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        registry.AddCredentialType(new YamlCredentialType("private_dependency_a"));
}
