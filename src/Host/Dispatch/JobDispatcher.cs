using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>
/// Wakes up when something may have become possible (a launch, an end, a synced project, a ready instance), claims what this host may
/// run and hands it to runners. When the host stops, the runners let go and the jobs live on.
/// </summary>
internal sealed partial class JobDispatcher(
    JobClaims claims,
    JobReconciler reconciler,
    JobRunners runners,
    DiskGuard disk,
    WakeUps wakeUps,
    TimeProvider clock,
    IOptions<DispatchOptions> options,
    ILogger<JobDispatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = wakeUps.Subscribe(WakeUpNames.Dispatch);
        var reconciled = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // At the start: what this host left behind. Later: what other hosts did.
                if (clock.GetUtcNow() - reconciled >= options.Value.SafetyPeriod)
                {
                    await ReconcileAsync(stoppingToken);
                    reconciled = clock.GetUtcNow();
                }

                var wait = await ClaimAsync(stoppingToken);
                await subscription.WaitAsync(wait, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogRoundFailed(exception);
                await Task.Delay(options.Value.RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var claim in await reconciler.TakeOverAsync(cancellationToken))
        {
            runners.Start(claim);
        }
    }

    /// <returns>How long nothing needs to be done unless somebody calls.</returns>
    private async Task<TimeSpan> ClaimAsync(CancellationToken cancellationToken)
    {
        // The guard calls when there is room again.
        while (disk.CanClaim)
        {
            var round = await claims.ClaimAsync(cancellationToken);
            foreach (var claim in round.Claims)
            {
                runners.Start(claim);
            }

            if (!round.More || round.Claims.Count == 0)
            {
                var untilNext = round.NextAt is { } at ? at - clock.GetUtcNow().UtcDateTime : options.Value.SafetyPeriod;
                return untilNext < options.Value.SafetyPeriod ? Max(untilNext, TimeSpan.Zero) : options.Value.SafetyPeriod;
            }
        }

        return options.Value.SafetyPeriod;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(1, LogLevel.Error, "A round of the dispatcher failed; it is repeated")]
    private partial void LogRoundFailed(Exception exception);
}
