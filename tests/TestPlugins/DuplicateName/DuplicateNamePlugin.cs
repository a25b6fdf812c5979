using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>Offers a type of its own, then one of a name that it has used itself before.</summary>
public sealed class DuplicateNamePlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context)
    {
        registry.AddCredentialType(new PlainCredentialType("duplicate_name"));
        registry.AddCredentialType(new PlainCredentialType(context.Configuration.GetValueOrDefault("second", "duplicate_name")));
    }
}
