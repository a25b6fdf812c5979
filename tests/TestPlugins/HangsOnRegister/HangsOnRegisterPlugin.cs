using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>Never returns from its registration.</summary>
public sealed class HangsOnRegisterPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) => Thread.Sleep(Timeout.Infinite);
}
