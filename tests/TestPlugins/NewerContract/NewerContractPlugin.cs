using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class NewerContractPlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        throw new InvalidOperationException("Code for another contract must never be loaded.");
}
