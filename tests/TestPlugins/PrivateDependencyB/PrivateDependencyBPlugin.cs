using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class PrivateDependencyBPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        registry.AddCredentialType(new YamlCredentialType("private_dependency_b"));
}
