using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance;

/// <summary>Offers the backend that runs jobs as processes of the machine on which the server runs.</summary>
public sealed class LocalInstancePlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) => registry.AddExecutionBackend(new LocalInstanceBackend(context));
}
