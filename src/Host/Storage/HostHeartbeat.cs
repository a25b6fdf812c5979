namespace ContainerGroups.Host.Storage;

/// <summary>Keeps this host's row alive, and ends the host when another process has taken its name.</summary>
internal sealed partial class HostHeartbeat(
    HostProcesses processes, HostIdentity host, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<HostHeartbeat> logger) : BackgroundService
{
    private bool _fails;

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
            var isOurs = await processes.BeatAsync(cancellationToken);
            if (_fails)
            {
                _fails = false;
                LogStoredAgain();
            }

            return isOurs;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!_fails)
            {
                // Once: what lasts would fill the log, and perhaps the rest of the disk.
                _fails = true;
                LogFailed(StorageFaults.Reason(exception));
            }

            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The heartbeat can't be stored; other hosts may take this one's jobs over: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(3, LogLevel.Information, "The heartbeat is stored again")]
    private partial void LogStoredAgain();

    [LoggerMessage(2, LogLevel.Critical, "Another process has taken the name {Hostname}; this one stops. Its jobs go on")]
    private partial void LogReplaced(string hostname);
}
