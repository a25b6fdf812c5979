using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Backend;
using ContainerGroups.Kubernetes.Credentials;

namespace ContainerGroups.Kubernetes;

/// <summary>The entry point.</summary>
public sealed class KubernetesPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginRegistry registry, PluginContext context)
    {
        registry.AddCredentialType(new BearerTokenType(context.Clock));
        registry.AddExecutionBackend(new KubernetesBackend(context));
    }
}
