using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

public sealed class FakePlugin : IPlugin
{
    public void Register(IPluginRegistry registry, PluginContext context)
    {
        var configuration = FakeConfiguration.Read(context);
        registry.AddExecutionBackend(HookedBackend.Around(new FakeBackend(configuration, context.Clock), configuration.Hook));
    }
}
