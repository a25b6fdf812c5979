using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Passes the wish to cancel on to the runner that has the job, on whichever host. The wish stands in the row; the call only hurries.</summary>
internal sealed partial class JobCancellations(
    DatabaseRetry retry, RunningJobs running, WakeUps wakeUps, ILogger<JobCancellations> logger) : BackgroundService
{
    private static readonly TimeSpan SafetyPeriod = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = wakeUps.Subscribe(WakeUpNames.Cancel);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await subscription.WaitAsync(SafetyPeriod, stoppingToken);
                await CancelAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogFailed(exception);
            }
        }
    }

    private async Task CancelAsync(CancellationToken cancellationToken)
    {
        if (running.Count == 0)
        {
            return;
        }

        var wanted = await retry.ReadAsync(
            (db, token) => db.Jobs.Where(JobStateMachine.IsPlaced).Where(j => j.CanceledOn != null).Select(j => j.Id).ToListAsync(token),
            cancellationToken);
        foreach (var id in wanted)
        {
            running.Cancel(id);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Looking for canceled jobs failed; it is repeated")]
    private partial void LogFailed(Exception exception);
}
