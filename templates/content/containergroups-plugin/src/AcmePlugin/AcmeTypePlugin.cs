using ContainerGroups.Abstractions;

namespace AcmePlugin;

public sealed class AcmeTypePlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) => registry.AddCredentialType(new AcmeTypeCredential());
}
