using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>Hears which jobs are followed on other hosts.</summary>
internal sealed class FollowedJobs(WakeUps wakeUps, OutputSignals signals) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var calls = wakeUps.Subscribe(OutputSignals.FollowedName);
        while (!stoppingToken.IsCancellationRequested)
        {
            var call = await calls.WaitAsync(Period, stoppingToken);
            foreach (var payload in call.Payloads)
            {
                if (long.TryParse(payload, NumberStyles.None, CultureInfo.InvariantCulture, out var jobId))
                {
                    signals.Followed(jobId);
                }
            }
        }
    }
}
