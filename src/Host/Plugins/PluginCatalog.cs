using System.Diagnostics.CodeAnalysis;
using ContainerGroups.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// What the plugins give: found in the plugin directories, loaded one by one, each alone with its faults. Safe for any thread;
/// readers see one consistent state.
/// </summary>
internal sealed partial class PluginCatalog(
    IOptions<PluginsOptions> options, IConfiguration configuration, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<PluginCatalog>();
    private readonly SemaphoreSlim _loading = new(1);
    private volatile PluginSet _set = PluginSet.Empty;

    /// <summary>Raised after what the catalogue gives has changed.</summary>
    public event EventHandler? Changed;

    /// <summary>Every plugin folder that was found, in the order in which they were loaded.</summary>
    public IReadOnlyList<PluginInfo> Plugins => _set.Plugins;

    public IReadOnlyList<IExecutionBackend> Backends => _set.Backends;

    public IReadOnlyList<ICredentialType> CredentialTypes => _set.CredentialTypes;

    /// <exception cref="BackendException">No active plugin offers it. A plugin may come back with the next start, so the reason is
    /// <see cref="BackendFailureReason.Unreachable"/>: what runs on the backend goes on.</exception>
    public IExecutionBackend GetBackend(string name) => TryGetBackend(name, out var backend)
        ? backend
        : throw new BackendException(BackendFailureReason.Unreachable, $"No active plugin offers the execution backend '{name}'.");

    public bool TryGetBackend(string name, [NotNullWhen(true)] out IExecutionBackend? backend)
    {
        backend = _set.Backends.FirstOrDefault(own => own.Name == name);
        return backend is not null;
    }

    public bool TryGetCredentialType(string @namespace, [NotNullWhen(true)] out ICredentialType? type)
    {
        type = _set.CredentialTypes.FirstOrDefault(own => own.Namespace == @namespace);
        return type is not null;
    }

    /// <summary>The plugin that gave a backend; null when none did.</summary>
    public PluginInfo? PluginOfBackend(string name) => _set.PluginOfBackend(name);

    /// <summary>The plugin that gave a credential type; null when none did.</summary>
    public PluginInfo? PluginOfCredentialType(string @namespace) => _set.PluginOfCredentialType(@namespace);

    /// <summary>Loads every plugin folder that was not there before. A plugin's fault does not come out of it, it shows in
    /// <see cref="Plugins"/>.</summary>
    public async Task LoadAsync(PluginHostContext host, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        var before = _set;
        try
        {
            var seen = before.Plugins.Select(plugin => plugin.Directory);
            foreach (var directory in FindFolders().Except(seen, StringComparer.Ordinal).ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();
                await LoadFolderAsync(directory, host);
            }
        }
        finally
        {
            _loading.Release();
        }

        if (_set != before)
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    private async Task LoadFolderAsync(string directory, PluginHostContext host)
    {
        var info = new PluginInfo
        {
            Id = Path.GetFileName(directory),
            Directory = directory,
            State = PluginState.Malfunctioned,
            SeenAt = clock.GetUtcNow(),
        };
        try
        {
            var manifest = PluginManifest.Read(directory);
            info = info with
            {
                Id = manifest.Id,
                Version = manifest.Version,
                ContractVersion = manifest.ContractVersion,
                DisplayName = manifest.DisplayName,
                Description = manifest.Description,
                Publisher = manifest.Publisher,
            };
            CheckWanted(manifest);
            await RegisterAsync(info, manifest, host);
        }
        catch (PluginRefusedException e)
        {
            _set = _set.Add(info with { State = e.State, Reason = e.Message });
            LogRefused(info.Id, directory, e.State, e.Message, e.InnerException);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _set = _set.Add(info with { Reason = e.Message });
            LogRefused(info.Id, directory, PluginState.Malfunctioned, e.Message, e);
        }
    }

    private void CheckWanted(PluginManifest manifest)
    {
        if (options.Value.Disabled.Contains(manifest.Id))
        {
            throw new PluginRefusedException("The configuration (Plugins:Disabled) says not to load it.", PluginState.Disabled);
        }

        if (!manifest.IsSupported())
        {
            throw new PluginRefusedException(
                $"It was built for contract {manifest.ContractVersion}, which this server, with contract {ContractVersion.Current}, does " +
                "not have. Use a version of the plugin that was built for it, or another version of the server.",
                PluginState.NotSupported);
        }

        if (_set.Plugins.FirstOrDefault(other => other.Id == manifest.Id && other.State != PluginState.Disabled) is { } first)
        {
            throw new PluginRefusedException($"Another folder holds a plugin of the same id: {first.Directory}.");
        }
    }

    private async Task RegisterAsync(PluginInfo info, PluginManifest manifest, PluginHostContext host)
    {
        var registration = new PluginRegistration(
            new PluginCalls(manifest.Id, clock, _logger),
            _set,
            @namespace => TryGetCredentialType(@namespace, out var type) ? type.Inputs : null);
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
            await new PluginLoader(clock, options.Value.RegisterTimeout).LoadAsync(info.Directory, manifest, registration, context);
        }
        finally
        {
            registration.Close();
        }

        var (backends, credentialTypes) = registration.Close();
        info = info with
        {
            State = PluginState.Active,
            Backends = [.. backends.Select(backend => backend.Name)],
            CredentialTypes = [.. credentialTypes.Select(type => type.Namespace)],
        };
        _set = _set.Add(info, backends, credentialTypes);
        LogActive(info.Id, info.Version, info.Directory, string.Join(", ", info.Backends), string.Join(", ", info.CredentialTypes));
    }

    private IEnumerable<string> FindFolders()
    {
        foreach (var directory in options.Value.ResolveDirectories(AppContext.BaseDirectory))
        {
            if (!Directory.Exists(directory))
            {
                LogNoDirectory(directory);
                continue;
            }

            // The manifest is copied last: a folder without one is not a plugin yet.
            foreach (var folder in Directory.GetDirectories(directory).Order(StringComparer.Ordinal))
            {
                if (File.Exists(Path.Combine(folder, PluginManifest.FileName)))
                {
                    yield return folder;
                }
            }
        }
    }

    private Dictionary<string, string> SettingsOf(string pluginId) =>
        configuration.GetSection($"{PluginsOptions.Section}:Settings:{pluginId}").AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Key.Length > 0 && pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Plugin {PluginId} {Version} is active (from {Directory}; backends: {Backends}; credential types: {CredentialTypes}).")]
    private partial void LogActive(string pluginId, string version, string directory, string backends, string credentialTypes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Plugin {PluginId} in {Directory} is not used ({State}): {Reason}")]
    private partial void LogRefused(string pluginId, string directory, PluginState state, string reason, Exception? e);

    [LoggerMessage(Level = LogLevel.Information, Message = "The plugin directory {Directory} does not exist.")]
    private partial void LogNoDirectory(string directory);
}
