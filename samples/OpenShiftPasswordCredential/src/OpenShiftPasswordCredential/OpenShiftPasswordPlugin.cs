using ContainerGroups.Abstractions;

namespace OpenShiftPasswordCredential;

public sealed class OpenShiftPasswordPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) => registry.AddCredentialType(new OpenShiftPasswordType());
}
