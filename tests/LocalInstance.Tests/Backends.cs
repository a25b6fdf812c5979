using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>Makes backends as the server does: through the plugin's one entry point.</summary>
internal static class Backends
{
    public static IExecutionBackend Create(string dataDirectory, string installationId = "test")
    {
        var registry = new Registry();
        new LocalInstancePlugin().Register(registry, new PluginContext
        {
            PluginId = "local_instance",
            InstallationId = installationId,
            DataDirectory = dataDirectory,
            Configuration = new Dictionary<string, string>(),
            Log = new Log(),
            Clock = TimeProvider.System,
        });
        return registry.Backend!;
    }

    private sealed class Registry : IPluginRegistry
    {
        public IExecutionBackend? Backend { get; private set; }

        public void AddExecutionBackend(IExecutionBackend backend) => Backend = backend;

        public void AddCredentialType(ICredentialType type) => throw new NotSupportedException();
    }

    private sealed class Log : IPluginLog
    {
        public void Write(PluginLogLevel level, string message, Exception? exception = null) => TestContext.Out.WriteLine($"{level}: {message} {exception}");
    }
}
