using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Output;

/// <summary>Deletes entries of the activity stream that are too old, oldest first and in small steps, so that nobody waits long.</summary>
internal sealed partial class ActivityRetention(
    IDbContextFactory<AppDb> databases, IOptions<RetentionOptions> options, TimeProvider time, ILogger<ActivityRetention> log) : BackgroundService
{
    private const int EntriesPerStep = 1_000;

    /// <summary>Deletes what is due now; returns how many entries that were.</summary>
    public async Task<int> DeleteDueAsync(CancellationToken cancellationToken)
    {
        var (deleted, step) = (0, 0);
        if (options.Value.ActivityDays > 0)
        {
            var oldest = time.GetUtcNow().UtcDateTime.AddDays(-options.Value.ActivityDays);
            do
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                var due = db.ActivityStream.Where(entry => entry.Timestamp < oldest).OrderBy(entry => entry.Timestamp).Select(entry => entry.Id).Take(EntriesPerStep);
                step = await db.ActivityStream.Where(entry => due.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
                deleted += step;
            }
            while (step == EntriesPerStep);
        }

        return deleted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Period, time);
        do
        {
            try
            {
                if (await DeleteDueAsync(stoppingToken) is > 0 and var deleted)
                {
                    LogDeleted(deleted);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} entries of the activity stream were deleted, as Retention asks")]
    private partial void LogDeleted(int count);

    [LoggerMessage(2, LogLevel.Error, "Old entries of the activity stream could not be deleted; it is tried again")]
    private partial void LogFailed(Exception e);
}
