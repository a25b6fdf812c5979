using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Schedules.Recurrences;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>
/// Fires one schedule. The job is stored in the transaction that moves the schedule on to its next time, which only one host can do: it is
/// never launched twice, and never lost. However many times were missed while no host ran, it fires once for all of them, as AWX does.
/// </summary>
internal sealed class ScheduleFiring(
    DatabaseRetry retry, JobLauncher launcher, ScheduleAnswers answers, JobNotifications notifications, ResourceCatalog resources, WakeUps wakeUps,
    TimeProvider clock)
{
    /// <param name="scheduleId">Whose time has come.</param>
    /// <param name="cancellationToken">Stops; what is stored by then runs.</param>
    public async Task FireAsync(long scheduleId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var schedule = await retry.ReadAsync(
            (db, token) => db.Schedules.AsNoTracking().Include(row => row.InstanceGroups).Include(row => row.Labels).Include(row => row.Project)
                .SingleOrDefaultAsync(row => row.Id == scheduleId && row.Enabled && row.NextRun <= now, token),
            cancellationToken);
        if (schedule is null)
        {
            return;
        }

        // Without its zone it can't be told when to fire next; an administrator may bring the zone back and enable it again.
        var next = RecurrenceReader.TryRead(schedule.Rrule)?.After(now, new SearchBudget());
        await (schedule.JobTemplateId is { } template
            ? LaunchAsync(schedule, template, Claim, cancellationToken)
            : UpdateAsync(schedule, Claim, cancellationToken));

        async Task<bool> Claim(AppDb db, CancellationToken token) =>
            await db.Schedules.Where(row => row.Id == schedule.Id && row.Enabled && row.NextRun == schedule.NextRun)
                .ExecuteUpdateAsync(s => s.SetProperty(row => row.NextRun, next), token) > 0;
    }

    private async Task LaunchAsync(
        Schedule schedule, long templateId, Func<AppDb, CancellationToken, Task<bool>> claim, CancellationToken cancellationToken)
    {
        var (template, credentials) = await retry.ReadAsync(
            async (db, token) =>
            {
                var found = await db.JobTemplates.AsNoTracking().Include(row => row.Credentials).Include(row => row.Labels)
                    .SingleOrDefaultAsync(row => row.Id == templateId, token);
                return (found, await ScheduleCredentials.OfLaunchAsync(db, schedule, token));
            },
            cancellationToken);
        if (template is null)
        {
            // It has gone, and taken the schedule with it.
            return;
        }

        var (given, fault) = await ReadAnswersAsync(schedule, template, cancellationToken);
        // What the template asks for no longer is left out, as at any launch.
        var launch = TemplateLaunch.Of(template, SchedulePrompts.ToBody(schedule, credentials, given), resources.Get<Job>(), userId: null);
        (launch.Job.LaunchType, launch.Job.ScheduleId) = (LaunchTypes.Scheduled, schedule.Id);
        var passwords = GivenPasswords.None;
        launch.DemandAnswers(passwords);
        if (fault is not null)
        {
            await StoreFailedAsync(launch.Job, template, $"Scheduled job could not start. {fault}", claim, cancellationToken);
            return;
        }

        try
        {
            await launcher.LaunchAsync(launch.Job, launch.InstanceGroups, passwords, launch.Errors, claim, cancellationToken);
        }
        catch (ApiException refusal)
        {
            var reason = launch.Errors.Any ? launch.Errors.ToString() : refusal.Message;
            await StoreFailedAsync(launch.Job, template, $"Scheduled job could not start. {reason}", claim, cancellationToken);
        }
    }

    private async Task<(IReadOnlyDictionary<string, string>? Answers, string? Fault)> ReadAnswersAsync(
        Schedule schedule, JobTemplate template, CancellationToken cancellationToken)
    {
        try
        {
            return (await retry.ReadAsync((db, token) => answers.ReadAsync(db, schedule, template, token), cancellationToken), null);
        }
        catch (SecretUnavailableException fault)
        {
            return (null, fault.Message);
        }
    }

    /// <summary>Nobody reads an answer here: the job itself tells why it could not be.</summary>
    private async Task StoreFailedAsync(
        Job job, JobTemplate template, string explanation, Func<AppDb, CancellationToken, Task<bool>> claim, CancellationToken cancellationToken)
    {
        job.OrganizationId = template.OrganizationId;
        (job.Status, job.Failed, job.JobExplanation) = (JobStatuses.Failed, true, explanation);
        (job.Finished, job.EventProcessingFinished) = (clock.GetUtcNow().UtcDateTime, true);
        job.Credentials.Clear();
        job.Labels.Clear();
        job.PreferredInstanceGroups.Clear();
        var areAnyTold = false;
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                if (await claim(db, token))
                {
                    job.Id = 0;
                    db.Jobs.Add(job);
                    await db.SaveChangesAsync(token);
                    areAnyTold = await JobNotifications.AddAsync(db, job.Id, job.Status, job.Finished.Value, token);
                }
            },
            cancellationToken);
        notifications.Send(areAnyTold);
        wakeUps.Pulse(WakeUpNames.JobFinished);
    }

    private async Task UpdateAsync(Schedule schedule, Func<AppDb, CancellationToken, Task<bool>> claim, CancellationToken cancellationToken)
    {
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                // An update that waits already does what this one would do.
                if (await claim(db, token) && await ProjectUpdates.AddAsync(db, schedule.Project!, LaunchTypes.Scheduled, null, token) is { } update)
                {
                    await db.ProjectUpdates.Where(row => row.Id == update && row.ScheduleId == null && row.LaunchType == LaunchTypes.Scheduled)
                        .ExecuteUpdateAsync(s => s.SetProperty(row => row.ScheduleId, schedule.Id), token);
                }
            },
            cancellationToken);
        wakeUps.Pulse(WakeUpNames.ProjectUpdates);
    }
}
