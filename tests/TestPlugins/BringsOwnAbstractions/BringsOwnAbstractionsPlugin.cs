using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class BringsOwnAbstractionsPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        registry.AddCredentialType(new PlainCredentialType("brings_own_abstractions"));
}
