using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>Offers something, then fails: what it offered must not be used.</summary>
public sealed class ThrowsOnRegisterPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context)
    {
        registry.AddCredentialType(new PlainCredentialType("throws_on_register"));
        throw new InvalidOperationException("the licence file is missing");
    }
}
