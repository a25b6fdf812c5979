using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>Hears which jobs are followed on other hosts, and which have ended on whatever host.</summary>
internal sealed class FollowedJobs(WakeUps wakeUps, OutputSignals signals) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        HearAsync(OutputSignals.FollowedName, signals.Followed, () => { }, stoppingToken),
        HearAsync(WakeUpNames.JobFinished, signals.Ended, signals.PulseFollowedHere, stoppingToken));

    private async Task HearAsync(string name, Action<long> tell, Action tellOfAny, CancellationToken cancellationToken)
    {
        using var calls = wakeUps.Subscribe(name);
        while (!cancellationToken.IsCancellationRequested)
        {
            var call = await calls.WaitAsync(Period, cancellationToken);
            if (call.Everything)
            {
                tellOfAny();
            }

            foreach (var payload in call.Payloads)
            {
                if (long.TryParse(payload, NumberStyles.None, CultureInfo.InvariantCulture, out var jobId))
                {
                    tell(jobId);
                }
            }
        }
    }
}
