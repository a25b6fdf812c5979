using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Notifications.Webhooks;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Notifications;

/// <summary>Tells people as soon as there is something to tell, beside everything else that runs.</summary>
internal sealed partial class NotificationSender(
    NotificationQueue queue, NotificationSecrets secrets, WebhookClient client, DatabaseRetry retry, WakeUps wakeUps, ILogger<NotificationSender> logger)
    : BackgroundService
{
    private const int AtOnce = 8;

    /// <summary>A timer doesn't notice when somebody sets the clock, and a call of another host may be lost.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>How soon what failed here is tried again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var calls = wakeUps.Subscribe(WakeUpNames.Notifications);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = await SendDueAsync(stoppingToken) ? await UntilNextAsync(stoppingToken) : Pause;
                await calls.WaitAsync(wait, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogRoundFailed(exception);
                await Task.WhenAny(calls.WaitAsync(Pause, stoppingToken));
            }
        }
    }

    /// <returns>False when one of them has to be looked at again.</returns>
    private async Task<bool> SendDueAsync(CancellationToken cancellationToken)
    {
        var isDone = true;
        List<long> due;
        do
        {
            due = await queue.DueAsync(cancellationToken);
            var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(due, limits, async (id, token) =>
            {
                try
                {
                    await SendAsync(id, token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The others are not to wait for this one.
                    LogSendingFailed(id, exception);
                    isDone = false;
                }
            });
        }
        while (due.Count == NotificationQueue.Batch && isDone);

        return isDone;
    }

    private async Task SendAsync(long id, CancellationToken cancellationToken)
    {
        if (await queue.TakeAsync(id, cancellationToken) is { } row)
        {
            await queue.SettleAsync(row, await TryAsync(row, cancellationToken), cancellationToken);
        }
    }

    private async Task<WebhookOutcome> TryAsync(Notification row, CancellationToken cancellationToken)
    {
        if (row.Body.Length == 0)
        {
            return WebhookOutcome.Failed("the job was deleted meanwhile", isLasting: true);
        }

        try
        {
            var inClear = await retry.ReadAsync((db, token) => secrets.ReadAsync(db, row.NotificationTemplateId, token), cancellationToken);
            var settings = WebhookSettings.Parse(row.NotificationTemplate.NotificationConfiguration);
            return await client.SendAsync(row.Id, settings, inClear, row.Body, cancellationToken);
        }
        catch (SecretUnavailableException fault)
        {
            return WebhookOutcome.Failed(fault.Message, isLasting: false);
        }
    }

    private async Task<TimeSpan> UntilNextAsync(CancellationToken cancellationToken) =>
        await queue.UntilNextAsync(cancellationToken) is not { } wait || wait > LongestWait ? LongestWait
        : wait > TimeSpan.Zero ? wait
        : TimeSpan.Zero;

    [LoggerMessage(1, LogLevel.Error, "Notifications can't be looked at; tried again in a while")]
    private partial void LogRoundFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Notification {NotificationId} could not be sent; tried again in a while")]
    private partial void LogSendingFailed(long notificationId, Exception exception);
}
