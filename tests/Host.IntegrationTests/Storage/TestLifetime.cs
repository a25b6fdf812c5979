using Microsoft.Extensions.Hosting;

namespace ContainerGroups.Host.IntegrationTests.Storage;

/// <summary>Sees whether the host was told to stop.</summary>
internal sealed class TestLifetime : IHostApplicationLifetime
{
    private volatile bool _stopped;

    public bool Stopped => _stopped;

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _stopped = true;
}
