using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>Waits for the next schedule's time, on every host; a schedule that is made or changed sets it anew.</summary>
internal sealed partial class ScheduleTimer(
    ScheduleFiring firing, DatabaseRetry retry, WakeUps wakeUps, TimeProvider clock, ILogger<ScheduleTimer> logger) : BackgroundService
{
    /// <summary>A timer doesn't notice when somebody sets the clock, and a call of another host may be lost.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>How soon what failed is tried again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = wakeUps.Subscribe(WakeUpNames.Schedules);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var isDone = await FireDueAsync(stoppingToken);
                await changes.WaitAsync(isDone ? await UntilNextAsync(stoppingToken) : Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogRoundFailed(exception);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>False when one of them has to be tried again.</returns>
    private async Task<bool> FireDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var due = await retry.ReadAsync(
            (db, token) => db.Schedules.Where(row => row.Enabled && row.NextRun <= now).OrderBy(row => row.NextRun).ThenBy(row => row.Id).Select(row => row.Id).ToListAsync(token),
            cancellationToken);
        var isDone = true;
        foreach (var id in due)
        {
            try
            {
                await firing.FireAsync(id, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The others are not to wait for this one.
                LogFiringFailed(id, exception);
                isDone = false;
            }
        }

        return isDone;
    }

    private async Task<TimeSpan> UntilNextAsync(CancellationToken cancellationToken)
    {
        var next = await retry.ReadAsync(
            (db, token) => db.Schedules.Where(row => row.Enabled && row.NextRun != null).MinAsync(row => row.NextRun, token), cancellationToken);
        var wait = next - clock.GetUtcNow().UtcDateTime;
        return wait is not { } known || known > LongestWait ? LongestWait : known > TimeSpan.Zero ? known : TimeSpan.Zero;
    }

    [LoggerMessage(1, LogLevel.Error, "Schedules can't be looked at; tried again in a while")]
    private partial void LogRoundFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Schedule {ScheduleId} could not be fired; tried again in a while")]
    private partial void LogFiringFailed(long scheduleId, Exception exception);
}
