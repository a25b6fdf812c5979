using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Output;

/// <summary>Deletes what is too old, at the start and each <see cref="RetentionOptions.Period"/> after it; a failed round is told and tried again.</summary>
/// <param name="what">What is deleted, in the plural.</param>
/// <param name="options">How long it is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of what went, and of what failed.</param>
internal abstract partial class RetentionRounds(string what, IOptions<RetentionOptions> options, TimeProvider time, ILogger log) : BackgroundService
{
    protected RetentionOptions Options => options.Value;

    /// <summary>Deletes what is due now; returns how many that were.</summary>
    public abstract Task<int> DeleteDueAsync(CancellationToken cancellationToken);

    /// <summary>The moment before which it is too old.</summary>
    protected DateTime Before(int days) => time.GetUtcNow().UtcDateTime.AddDays(-days);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Options.Period, time);
        do
        {
            try
            {
                if (await DeleteDueAsync(stoppingToken) is > 0 and var deleted)
                {
                    LogDeleted(log, deleted, what);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, what, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} {What} were deleted, as Retention asks")]
    private static partial void LogDeleted(ILogger log, int count, string what);

    [LoggerMessage(2, LogLevel.Error, "Old {What} could not be deleted; it is tried again")]
    private static partial void LogFailed(ILogger log, string what, Exception e);
}
