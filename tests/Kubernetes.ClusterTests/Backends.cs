using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Makes pod backends as the server does: through the plugin's one entry point.</summary>
internal static class Backends
{
    public static IExecutionBackend Create(string installationId)
    {
        var registry = new Registry();
        new KubernetesPlugin().Register(registry, new PluginContext
        {
            PluginId = "kubernetes",
            InstallationId = installationId,
            DataDirectory = Path.GetTempPath(),
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

        public void AddCredentialType(ICredentialType type)
        {
            // Not of interest here.
        }
    }

    private sealed class Log : IPluginLog
    {
        public void Write(PluginLogLevel level, string message, Exception? exception = null) => TestContext.Out.WriteLine($"{level}: {message} {exception}");
    }
}
