using System.Globalization;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Output;

/// <summary>
/// Keeps new jobs away while there is no room for what they print: nothing is claimed, running jobs keep their spool and catch up. The
/// host's instance shows why.
/// </summary>
internal sealed partial class DiskGuard(
    DataDirectory data,
    OutputStall stall,
    InstanceFaults faults,
    WakeUps wakeUps,
    IOptions<DiskOptions> options,
    TimeProvider time,
    ILogger<DiskGuard> log) : BackgroundService
{
    private volatile string? _reason;

    /// <summary>Whether this host may take jobs.</summary>
    public bool CanClaim => Reason is null;

    /// <summary>Why it may not, in a sentence; null when it may.</summary>
    public string? Reason => stall.Reason ?? _reason;

    /// <summary>Looks now. When room has come, the dispatcher is woken.</summary>
    public void Look()
    {
        var reason = stall.Reason ?? TooFull(new DriveInfo(data.Root).AvailableFreeSpace);
        var before = Interlocked.Exchange(ref _reason, reason);
        if (reason is null == before is null)
        {
            return;
        }

        if (reason is null)
        {
            LogRoom();
            wakeUps.Pulse(WakeUpNames.Dispatch);
        }
        else
        {
            LogFull(reason);
        }

        faults.Tell("disk", reason);
        wakeUps.Pulse(WakeUpNames.Instances);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Period, time);
        do
        {
            try
            {
                Look();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private string? TooFull(long free) => free >= options.Value.MinimumFreeBytes ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"The disk of the data directory is nearly full: {free / 1024 / 1024} MiB are free, Disk:MinimumFreeBytes asks for {options.Value.MinimumFreeBytes / 1024 / 1024}. No job is started until there is room.");

    [LoggerMessage(1, LogLevel.Error, "{Reason}")]
    private partial void LogFull(string reason);

    [LoggerMessage(2, LogLevel.Information, "There is room on the disk again, jobs are started")]
    private partial void LogRoom();

    [LoggerMessage(3, LogLevel.Error, "How full the disk is could not be found out")]
    private partial void LogFailed(Exception e);
}
