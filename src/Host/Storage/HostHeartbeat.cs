namespace ContainerGroups.Host.Storage;

/// <summary>Keeps this host's row alive, and ends the host when another process has taken its name.</summary>
internal sealed partial class HostHeartbeat(
    HostProcesses processes, HostIdentity host, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<HostHeartbeat> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(HostProcesses.Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!await BeatAsync(stoppingToken))
                {
                    LogReplaced(host.Hostname);
                    lifetime.StopApplication();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The row stays: whoever waits for this host sees since when it is away.
        }
    }

    private async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await processes.BeatAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The heartbeat can't be stored; other hosts may take this one's jobs over")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Critical, "Another process has taken the name {Hostname}; this one stops. Its jobs go on")]
    private partial void LogReplaced(string hostname);
}
