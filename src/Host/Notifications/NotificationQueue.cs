using ContainerGroups.Host.Notifications.Webhooks;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Notifications;

/// <summary>
/// What is to be told, as rows. Whoever takes one has it for some time; when nothing has become of it by then, because its host has died,
/// another takes it again: everything is told at least once.
/// </summary>
internal sealed class NotificationQueue(DatabaseRetry retry, NotificationBodies bodies, IOptions<NotificationsOptions> options, TimeProvider clock)
{
    public const int Batch = 100;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Longer than any attempt takes.</summary>
    private TimeSpan Lease => (2 * options.Value.Timeout) + TimeSpan.FromSeconds(10);

    public Task<List<long>> DueAsync(CancellationToken cancellationToken)
    {
        var now = Now();
        return retry.ReadAsync(
            (db, token) => db.Notifications.Where(row => row.NextAttempt <= now).OrderBy(row => row.NextAttempt).ThenBy(row => row.Id)
                .Select(row => row.Id).Take(Batch).ToListAsync(token),
            cancellationToken);
    }

    /// <summary>How long until the next is due; null when nothing waits.</summary>
    public async Task<TimeSpan?> UntilNextAsync(CancellationToken cancellationToken)
    {
        var next = await retry.ReadAsync((db, token) => db.Notifications.Where(row => row.NextAttempt != null).MinAsync(row => row.NextAttempt, token), cancellationToken);
        return next - Now();
    }

    /// <summary>Takes one that is due, its body made; null when somebody else has it.</summary>
    public Task<Notification?> TakeAsync(long id, CancellationToken cancellationToken) => retry.RunInTransactionAsync<Notification?>(
        async (db, token) =>
        {
            var now = Now();
            var row = await db.Notifications.AsNoTracking().Include(found => found.NotificationTemplate)
                .SingleOrDefaultAsync(found => found.Id == id && found.NextAttempt <= now, token);
            if (row is null)
            {
                return null;
            }

            var (attempts, due) = (row.Attempts, row.NextAttempt);
            row.Body = row.Body.Length > 0 || row.UnifiedJobId is not { } job ? row.Body : await bodies.OfJobAsync(db, job, token) ?? "";
            row.Recipients = WebhookSettings.Parse(row.NotificationTemplate.NotificationConfiguration).Url;
            row.Attempts++;
            return await db.Notifications.Where(found => found.Id == id && found.Attempts == attempts && found.NextAttempt == due).ExecuteUpdateAsync(
                s => s.SetProperty(found => found.Attempts, row.Attempts)
                    .SetProperty(found => found.NextAttempt, now + Lease)
                    .SetProperty(found => found.Recipients, row.Recipients)
                    .SetProperty(found => found.Body, row.Body),
                token) > 0 ? row : null;
        },
        cancellationToken);

    /// <summary>Writes what an attempt came to: the end, or when it is tried again.</summary>
    public Task SettleAsync(Notification row, WebhookOutcome outcome, CancellationToken cancellationToken)
    {
        var now = Now();
        var next = now + Wait(row.Attempts);
        return outcome.Error is null ? EndAsync(row, NotificationStatuses.Successful, "", sent: 1, cancellationToken)
            : outcome.IsLasting || next > row.Created + options.Value.GiveUpAfter ? EndAsync(row, NotificationStatuses.Failed, outcome.Error, sent: 0, cancellationToken)
            : PostponeAsync(row, outcome.Error, now, next, cancellationToken);
    }

    private Task EndAsync(Notification row, string status, string error, int sent, CancellationToken cancellationToken) => retry.RunInTransactionAsync(
        (db, token) => Mine(db, row).ExecuteUpdateAsync(
            s => s.SetProperty(found => found.Status, status)
                .SetProperty(found => found.Error, error)
                .SetProperty(found => found.NotificationsSent, sent)
                .SetProperty(found => found.NextAttempt, (DateTime?)null),
            token),
        cancellationToken);

    /// <summary>A receiver that is away is away for all that waits for it: they don't hold up what goes to others.</summary>
    private Task PostponeAsync(Notification row, string error, DateTime now, DateTime next, CancellationToken cancellationToken) => retry.RunInTransactionAsync(
        async (db, token) =>
        {
            await Mine(db, row).ExecuteUpdateAsync(
                s => s.SetProperty(found => found.Error, error).SetProperty(found => found.NextAttempt, next), token);
            await db.Notifications.Where(other => other.NotificationTemplateId == row.NotificationTemplateId && other.NextAttempt <= now)
                .ExecuteUpdateAsync(s => s.SetProperty(other => other.NextAttempt, next), token);
        },
        cancellationToken);

    /// <summary>As long as nobody else has taken it since.</summary>
    private static IQueryable<Notification> Mine(AppDb db, Notification row) =>
        db.Notifications.Where(found => found.Id == row.Id && found.Attempts == row.Attempts && found.Status == NotificationStatuses.Pending);

    private static TimeSpan Wait(int attempts) => attempts > 12 || FirstWait * Math.Pow(2, attempts - 1) > LongestWait
        ? LongestWait
        : FirstWait * Math.Pow(2, attempts - 1);

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}
