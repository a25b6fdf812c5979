using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Looks after blocked jobs when a project update has ended, and when one of them has waited long enough to be told why.</summary>
internal sealed partial class BlockedJobsWatch(
    BlockedJobs jobs, WakeUps wakeUps, TimeProvider clock, IOptions<DispatchOptions> options, ILogger<BlockedJobsWatch> logger) : BackgroundService
{
    /// <summary>A look reads the queue: however many updates end and jobs come of age, there is a pause between two looks.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var updates = wakeUps.Subscribe(WakeUpNames.ProjectUpdates);
        while (!stoppingToken.IsCancellationRequested)
        {
            var looked = clock.GetTimestamp();
            try
            {
                await updates.WaitAsync(await LookAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogFailed(exception);
            }

            var early = Pause - clock.GetElapsedTime(looked);
            await Task.Delay(Max(early, TimeSpan.Zero), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long nothing needs to be done unless an update ends.</returns>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        if (await jobs.FailAsync(cancellationToken) > 0)
        {
            wakeUps.Pulse(WakeUpNames.JobFinished);
        }

        var next = await jobs.ExplainAsync(cancellationToken) - clock.GetUtcNow().UtcDateTime;
        return next is { } wait && wait < options.Value.SafetyPeriod ? Max(wait, TimeSpan.Zero) : options.Value.SafetyPeriod;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(1, LogLevel.Error, "Looking after blocked jobs failed; it is repeated")]
    private partial void LogFailed(Exception exception);
}
