using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Notifications;

/// <summary>Notes, in the transaction in which something happens to a job, whom to tell of it: those named by its template, its project and
/// its organization, each once.</summary>
internal sealed class JobNotifications(WakeUps wakeUps)
{
    private const string Insert =
        """
        INSERT INTO "Notifications" ("NotificationTemplateId", "UnifiedJobId", "Event", "Status", "Error", "NotificationsSent", "NotificationType", "Recipients", "Body", "Attempts", "NextAttempt", "Created", "Modified")
        SELECT t."Id", j."Id", {0}, 'pending', '', 0, t."NotificationType", '', '', 0, {1}, {1}, {1}
        FROM "UnifiedJobs" j JOIN "NotificationTemplates" t ON t."Id" IN (
            SELECT p."TemplateId" FROM "JobTemplateNotifications" p WHERE p."JobTemplateId" = j."JobTemplateId" AND p."Event" = {0}
            UNION SELECT p."TemplateId" FROM "ProjectNotifications" p WHERE p."ProjectId" = COALESCE(j."ProjectId", j."UpdatedProjectId") AND p."Event" = {0}
            UNION SELECT p."TemplateId" FROM "OrganizationNotifications" p WHERE p."OrganizationId" = j."OrganizationId" AND p."Event" = {0})
        WHERE j."Id" = {2}
        """;

    /// <summary>A template that is just being deleted must not make the job's end fail. SQLite has one writer at a time.</summary>
    private const string InsertBesideOthers = Insert + " FOR KEY SHARE OF t";

    /// <summary>One statement, and nothing else where nobody is named.</summary>
    /// <param name="db">In the transaction that changes the job.</param>
    /// <param name="jobId">The job, or whatever runs.</param>
    /// <param name="status">What it has become.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether somebody is to be told: <see cref="Send"/> after the commit.</returns>
    public static async Task<bool> AddAsync(AppDb db, long jobId, string status, DateTime now, CancellationToken cancellationToken)
    {
        var happened = status switch
        {
            JobStatuses.Running => NotificationEvents.Started,
            JobStatuses.Successful => NotificationEvents.Success,
            _ => NotificationEvents.Error,
        };
        var sql = db.Database.IsSqlite() ? Insert : InsertBesideOthers;
        return await db.Database.ExecuteSqlRawAsync(sql, [happened, now, jobId], cancellationToken) > 0;
    }

    /// <summary>Has them told, if there are any.</summary>
    public void Send(bool areAny)
    {
        if (areAny)
        {
            wakeUps.Pulse(WakeUpNames.Notifications);
        }
    }
}
