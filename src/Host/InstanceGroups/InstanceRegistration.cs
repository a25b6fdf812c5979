using ContainerGroups.Host.InstanceGroups.Capacity;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Speaks for this host's instance: takes its row over before anything is answered, then measures and reports.</summary>
internal sealed partial class InstanceRegistration(
    InstanceStore store, WakeUps wakeUps, IOptions<InstancesOptions> options, ILogger<InstanceRegistration> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.RegisterAsync(cancellationToken);
        await store.ReportAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var calls = wakeUps.Subscribe(WakeUpNames.Instances);
        try
        {
            while (true)
            {
                await calls.WaitAsync(options.Value.HealthCheckPeriod, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The row stays as it is: others see that this host is silent.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReportAsync(cancellationToken))
            {
                wakeUps.Pulse(WakeUpNames.Dispatch);
            }

            if (await store.MarkSilentAsync(cancellationToken) is > 0 and var silent)
            {
                LogSilent(silent);
            }

            await store.RemoveDeprovisionedAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} instances are silent and take no jobs until they are heard of again.")]
    private partial void LogSilent(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "This host's instance could not be reported; it is tried again.")]
    private partial void LogFailed(Exception e);
}
