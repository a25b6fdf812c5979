using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>The credentials of a schedule: attached one by one, in AWX's words when one can't be; at a launch they take the template's places.</summary>
internal static class ScheduleCredentials
{
    public static ResourceBuilder<Schedule> Credentials(this ResourceBuilder<Schedule> builder) => builder
        .Relation("credentials", x => x.Credentials.Select(place => place.Credential))
        .SubList(new SubList<Schedule, Credential>("credentials", (db, id) =>
            credential => db.ScheduleCredentials.Any(place => place.ScheduleId == id && place.CredentialId == credential.Id))
        {
            ChildNeeds = Right.UseRole,
            Attach = AttachAsync,
            Detach = async (call, schedule, credential) =>
            {
                await call.Db.ScheduleCredentials.Where(place => place.ScheduleId == schedule.Id && place.CredentialId == credential.Id)
                    .ExecuteDeleteAsync(call.Cancellation);
            },
        });

    /// <summary>What the next job gets; null for the template's own.</summary>
    /// <param name="db">Read only.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyCollection<long>?> OfLaunchAsync(AppDb db, Schedule schedule, CancellationToken cancellationToken)
    {
        var own = await OwnAsync(db, schedule.Id, cancellationToken);
        var places = own.Select(credential => credential.Place).ToHashSet();
        return own.Count == 0 ? null : [.. own.Select(credential => credential.Id),
            .. (await TemplateAsync(db, schedule, cancellationToken)).Where(credential => !places.Contains(credential.Place)).Select(credential => credential.Id)];
    }

    private static async Task AttachAsync(ApiCall call, Schedule schedule, Credential credential)
    {
        var own = await OwnAsync(call.Db, schedule.Id, call.Cancellation);
        if (own.Any(other => other.Id == credential.Id))
        {
            return;
        }

        var template = await call.Db.JobTemplates.AsNoTracking().SingleOrDefaultAsync(row => row.Id == schedule.JobTemplateId, call.Cancellation);
        var attached = (await AttachedCredential.FindAsync(call.Db.Credentials.Where(row => row.Id == credential.Id), call.Cancellation)).Single();
        var fault = template is null ? "Related template cannot accept credentials on launch."
            : attached.Passwords.Count > 0 ? "Credential that requires user input on launch cannot be used in saved launch configuration."
            : !LaunchPrompts.Credentials.Asks(template) ? "Related template is not configured to accept credentials on launch."
            : own.Any(other => other.Place == attached.Place) ? $"This launch configuration already provides a {attached.TypeName} credential."
            : (await TemplateAsync(call.Db, schedule, call.Cancellation)).Any(other => other.Id == attached.Id)
                ? $"Related template already uses {attached.TypeName} credential."
            : attached.Conflict([]);
        if (fault is not null)
        {
            throw ApiException.BadMessage(fault);
        }

        call.Db.ScheduleCredentials.Add(new ScheduleCredential { ScheduleId = schedule.Id, CredentialId = credential.Id });
    }

    private static Task<IReadOnlyList<AttachedCredential>> OwnAsync(AppDb db, long scheduleId, CancellationToken cancellationToken) =>
        AttachedCredential.FindAsync(
            db.ScheduleCredentials.Where(place => place.ScheduleId == scheduleId).Select(place => place.Credential), cancellationToken);

    private static Task<IReadOnlyList<AttachedCredential>> TemplateAsync(AppDb db, Schedule schedule, CancellationToken cancellationToken) =>
        AttachedCredential.FindAsync(
            db.JobTemplateCredentials.Where(place => place.JobTemplateId == schedule.JobTemplateId).Select(place => place.Credential), cancellationToken);
}
