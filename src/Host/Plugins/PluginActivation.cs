using ContainerGroups.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>Loads an admitted plugin and takes what it registers.</summary>
internal sealed class PluginActivation(
    IOptions<PluginsOptions> options, IConfiguration configuration, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<PluginCatalog>();

    /// <exception cref="PluginRefusedException">It can't be used; nothing of it is.</exception>
    public async Task<(IReadOnlyList<IExecutionBackend> Backends, IReadOnlyList<ICredentialType> CredentialTypes)> RunAsync(
        PluginFiles files,
        PluginManifest manifest,
        PluginHostContext host,
        PluginSet taken,
        Func<string, IReadOnlyList<InputField>?> credentialInputs)
    {
        var registration = new PluginRegistration(new PluginCalls(manifest.Id, clock, _logger), taken, credentialInputs);
        var context = new PluginContext
        {
            PluginId = manifest.Id,
            InstallationId = host.InstallationId,
            DataDirectory = Path.Combine(host.DataDirectory, "plugins", manifest.Id),
            Configuration = SettingsOf(manifest.Id),
            Log = new PluginLog(loggers, manifest.Id),
            Clock = clock,
        };
        try
        {
            await new PluginLoader(clock, options.Value.RegisterTimeout).LoadAsync(files, manifest, registration, context);
        }
        finally
        {
            registration.Close();
        }

        return registration.Close();
    }

    private Dictionary<string, string> SettingsOf(string pluginId) =>
        configuration.GetSection($"{PluginsOptions.Section}:Settings:{pluginId}").AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Key.Length > 0 && pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.OrdinalIgnoreCase);
}
