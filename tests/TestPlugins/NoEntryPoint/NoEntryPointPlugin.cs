using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>Looks like an entry point, but can't be made without an argument.</summary>
public sealed class NoEntryPointPlugin(string argument) : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) => context.Log.Write(PluginLogLevel.Information, argument);
}
