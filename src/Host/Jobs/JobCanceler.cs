using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>Cancels jobs. One that waits in the queue is canceled here and now; one that somebody has in hand is left to its runner,
/// which learns of it at once.</summary>
internal sealed class JobCanceler(DatabaseRetry retry, JobNotifications notifications, WakeUps wakeUps, TimeProvider clock)
{
    /// <returns>False when the job has already ended, or there is none.</returns>
    public async Task<bool> CancelAsync(long jobId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (ended, asked, areAnyTold) = (0, 0, false);
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                // The wish first: from here on the row is ours, and nobody takes the job out of the queue or puts it back.
                asked = await db.Jobs.Where(JobStateMachine.IsUnfinished).Where(j => j.Id == jobId)
                    .ExecuteUpdateAsync(s => s.SetProperty(j => j.CanceledOn, j => j.CanceledOn ?? now), token);
                ended = await db.Jobs
                    .Where(j => j.Id == jobId && (j.Status == JobStatuses.New || j.Status == JobStatuses.Pending))
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(j => j.Status, JobStatuses.Canceled)
                            .SetProperty(j => j.Failed, true)
                            .SetProperty(j => j.Finished, now)
                            .SetProperty(j => j.JobExplanation, "")
                            .SetProperty(j => j.NotBefore, (DateTime?)null)
                            .SetProperty(j => j.EventProcessingFinished, true),
                        token);
                await LaunchPasswords.ForgetAsync(db, token);
                areAnyTold = ended > 0 && await JobNotifications.AddAsync(db, jobId, JobStatuses.Canceled, now, token);
            },
            cancellationToken);
        notifications.Send(areAnyTold);
        if (ended > 0)
        {
            wakeUps.Pulse(WakeUpNames.JobFinished);
            wakeUps.Pulse(WakeUpNames.Dispatch);
        }
        else if (asked > 0)
        {
            wakeUps.Pulse(WakeUpNames.Cancel);
        }

        return asked > 0;
    }
}
