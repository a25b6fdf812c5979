using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// What has to be true before any capability's background work, and before the first request, in this order. It runs ahead
/// of every hosted service's own start, Kestrel's included.
/// </summary>
internal sealed class StartupSequence(
    IConfiguration configuration, DatabaseStartup database, AccessStartup access, HttpsCertificate certificate) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.PrepareAsync(cancellationToken);
        await access.PrepareAsync(cancellationToken);
        if (configuration[ConfigurationKeys.Urls]?.Contains("https:", StringComparison.OrdinalIgnoreCase) == true)
        {
            certificate.Prepare();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
