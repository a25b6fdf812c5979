using ContainerGroups.Abstractions;
using ContainerGroups.CredentialTypes.Jobs;

namespace ContainerGroups.CredentialTypes;

/// <summary>The entry point.</summary>
public sealed class CredentialTypesPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginRegistry registry, PluginContext context)
    {
        registry.AddCredentialType(new MachineType());
        registry.AddCredentialType(new VaultType());
        registry.AddCredentialType(new SourceControlType());
        registry.AddCredentialType(new ContainerRegistryType());
        foreach (var type in CloudTypes.All.Concat(RedHatTypes.All).Append(NetworkType.Create()))
        {
            registry.AddCredentialType(type);
        }
    }
}
