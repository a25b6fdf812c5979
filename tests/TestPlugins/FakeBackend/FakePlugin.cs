using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class FakePlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context) =>
        registry.AddExecutionBackend(new FakeBackend(FakeConfiguration.Read(context), context.Clock));
}
