using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// What has to be true before any capability's background work, and before the first request, in this order. It runs ahead
/// of every hosted service's own start, Kestrel's included. The data directory is held when the database is prepared.
/// </summary>
internal sealed partial class StartupSequence(
    UnknownSettings unknownSettings,
    DataDirectory data,
    DatabaseStartup database,
    InstallationIdentity installation,
    AccessStartup access,
    PluginCatalog plugins,
    SecretKeys keys,
    CredentialTypeSync credentialTypes,
    ServedCertificate certificate,
    ServedAddress address,
    ILogger<StartupSequence> log) : IHostedLifecycleService
{
    private bool _holdsDirectory;
    private bool _serves;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        unknownSettings.Tell();
        await database.PrepareAsync(cancellationToken);
        _holdsDirectory = true;
        // The directory is ours now: the address of whoever held it before, and was killed, leads nowhere.
        ServerFile.Remove(data.Root);
        await access.PrepareAsync(cancellationToken);
        await keys.PrepareAsync(cancellationToken);
        var host = new PluginHostContext { InstallationId = installation.Id, DataDirectory = data.Root };
        await plugins.LoadAsync(host, cancellationToken);
        await credentialTypes.StartAsync(cancellationToken);
        certificate.Prepare();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything runs: now others may be told where.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        address.Publish(data.Root);
        _serves = true;
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A start that was refused has nothing to take back: the address may be that of who does hold the directory.
        if (_holdsDirectory)
        {
            ServerFile.Remove(data.Root);
        }

        if (_serves)
        {
            LogStopping();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Stopping; jobs that run go on, and the next start takes them in hand again")]
    private partial void LogStopping();
}
