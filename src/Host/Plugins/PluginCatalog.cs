using System.Diagnostics.CodeAnalysis;
using ContainerGroups.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// What the plugins give: found in the executable and in the plugin directories, loaded one by one, each alone with its faults. Safe
/// for any thread; readers see one consistent state.
/// </summary>
internal sealed partial class PluginCatalog(
    IOptions<PluginsOptions> options,
    PluginAdmission admission,
    PluginActivation activation,
    BuiltInPlugins builtIn,
    TimeProvider clock,
    ILogger<PluginCatalog> logger)
{
    private readonly SemaphoreSlim _loading = new(1);
    private volatile PluginSet _set = PluginSet.Empty;

    /// <summary>Raised after what the catalogue gives, or knows of a folder, has changed.</summary>
    public event EventHandler? Changed;

    /// <summary>Every plugin that was found, in the order in which they were found first.</summary>
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

    /// <summary>Loads what is new now, without waiting for a copy to end: the server's start. A plugin's fault does not come out of it,
    /// it shows in <see cref="Plugins"/>.</summary>
    public Task LoadAsync(PluginHostContext host, CancellationToken cancellationToken) =>
        ScanAsync(host, patient: false, except: null, cancellationToken);

    /// <summary>Looks at the folders again: loads those that have come or were repaired, and notes those that were replaced or removed.
    /// True when a folder may still be in the middle of a copy: then it has to be called again a little later.</summary>
    public Task<bool> RefreshAsync(PluginHostContext host, CancellationToken cancellationToken) =>
        ScanAsync(host, patient: true, except: null, cancellationToken);

    /// <summary>Loads everything, and the given folder last: what the server would say of it.</summary>
    public async Task<PluginInfo> TryFolderAsync(string directory, PluginHostContext host, CancellationToken cancellationToken)
    {
        var folder = new PluginDirectory(directory);
        await ScanAsync(host, patient: false, folder.Location, cancellationToken);
        await LoadOneAsync(folder, host, []);
        return _set.Plugins.Single(plugin => plugin.Directory == folder.Location);
    }

    private async Task<bool> ScanAsync(PluginHostContext host, bool patient, string? except, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        var before = _set;
        var moving = false;
        try
        {
            var found = FindFolders().Where(folder => folder != except).ToList();
            foreach (var plugin in builtIn.Plugins.Where(plugin => !_set.Plugins.Any(own => own.Directory == plugin.Location)))
            {
                await LoadOneAsync(plugin, host, found);
            }

            Forget(found);
            foreach (var folder in found)
            {
                cancellationToken.ThrowIfCancellationRequested();
                moving |= await LookAsync(new PluginDirectory(folder), host, patient);
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

        return moving;
    }

    private IEnumerable<string> FindFolders()
    {
        foreach (var directory in options.Value.ResolveDirectories(AppContext.BaseDirectory))
        {
            if (!Directory.Exists(directory))
            {
                if (_toldMissing.Add(directory))
                {
                    LogNoDirectory(directory);
                }

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

    private async Task LoadOneAsync(PluginFiles files, PluginHostContext host, IReadOnlyList<string> folders)
    {
        var info = new PluginInfo
        {
            Id = Path.GetFileName(files.Location),
            Directory = files.Location,
            BuiltIn = files.BuiltIn,
            State = PluginState.Malfunctioned,
            SeenAt = clock.GetUtcNow(),
        };
        try
        {
            var manifest = PluginManifest.Read(files);
            info = Describe(info, manifest) with { Warnings = FolderWarnings.Of(files) };
            if (files.BuiltIn)
            {
                admission.CheckNotReplaced(manifest.Id, folders);
            }

            await ActivateAsync(info, admission.Admit(files, manifest, _set), manifest, host);
        }
        catch (PluginRefusedException e)
        {
            Refuse(info with { State = e.State, Reason = e.Message }, e.InnerException);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse(info with { Reason = e.Message }, e);
        }
    }

    private async Task ActivateAsync(PluginInfo info, PluginFiles files, PluginManifest manifest, PluginHostContext host)
    {
        var (backends, credentialTypes) = await activation.RunAsync(
            files, manifest, host, _set, @namespace => TryGetCredentialType(@namespace, out var type) ? type.Inputs : null);
        info = info with
        {
            State = PluginState.Active,
            Backends = [.. backends.Select(backend => backend.Name)],
            CredentialTypes = [.. credentialTypes.Select(type => type.Namespace)],
        };
        _set = _set.With(info, backends, credentialTypes);
        LogActive(info.Id, info.Version, info.Directory, List(info.Backends), List(info.CredentialTypes));
    }

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private void Refuse(PluginInfo info, Exception? cause)
    {
        _set = _set.With(info);
        LogRefused(info.Id, info.Directory, info.State, info.Reason, cause);
    }

    private static PluginInfo Describe(PluginInfo info, PluginManifest manifest) => info with
    {
        Id = manifest.Id,
        Version = manifest.Version,
        ContractVersion = manifest.ContractVersion,
        DisplayName = manifest.DisplayName,
        Description = manifest.Description,
        Publisher = manifest.Publisher,
    };

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Plugin {PluginId} {Version} is active (from {Directory}; execution backends: {Backends}; credential types: {CredentialTypes}).")]
    private partial void LogActive(string pluginId, string version, string directory, string backends, string credentialTypes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Plugin {PluginId} in {Directory} is not used ({State}): {Reason}")]
    private partial void LogRefused(string pluginId, string directory, PluginState state, string reason, Exception? e);

    [LoggerMessage(Level = LogLevel.Information, Message = "The plugin directory {Directory} does not exist.")]
    private partial void LogNoDirectory(string directory);
}
