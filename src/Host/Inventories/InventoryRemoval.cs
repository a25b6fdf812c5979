using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>Removes inventories that were asked to go: in small steps, because they may be large and others want to write meanwhile.</summary>
internal sealed partial class InventoryRemoval(DatabaseRetry retry, WakeUps wakeUps, ILogger<InventoryRemoval> logger) : BackgroundService
{
    public const string WakeUpName = "inventories";

    private const int BatchSize = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var calls = wakeUps.Subscribe(WakeUpName);
        try
        {
            while (true)
            {
                await TryRemoveAsync(stoppingToken);
                await calls.WaitAsync(Period, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest goes at the next start.
        }
    }

    private async Task TryRemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var id in await retry.ReadAsync((db, token) => db.Inventories.Where(i => i.PendingDeletion).Select(i => i.Id).ToListAsync(token), cancellationToken))
            {
                await RemoveAsync(id, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    private async Task RemoveAsync(long id, CancellationToken cancellationToken)
    {
        while (await retry.RunInTransactionAsync((db, token) => db.Hosts
            .Where(h => db.Hosts.Where(i => i.InventoryId == id).OrderBy(i => i.Id).Select(i => i.Id).Take(BatchSize).Contains(h.Id))
            .ExecuteDeleteAsync(token), cancellationToken) > 0)
        {
            // Each step is a transaction of its own.
        }

        await retry.RunInTransactionAsync(
            (db, token) => db.Inventories.Where(i => i.Id == id && i.PendingDeletion).ExecuteDeleteAsync(token), cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Error, "An inventory can't be removed; tried again in a while")]
    private partial void LogFailed(Exception exception);
}
