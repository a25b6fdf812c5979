using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Schedules;

/// <summary>Who may launch something may schedule it, and change the schedules he made; who administers it may change them all.</summary>
internal static class ScheduleRights
{
    public static void AddTo(ResourceBuilder<Schedule> builder)
    {
        builder.Allow([Right.Edit, Right.Delete], MayChange);
        builder.Access.Creation = async call =>
            await call.Catalog.Get<JobTemplate>().AllowsAnyAsync(call.Db, call.Caller, Right.Schedule, call.Cancellation)
            || await call.Catalog.Get<Project>().AllowsAnyAsync(call.Db, call.Caller, Right.Schedule, call.Cancellation);
        builder.Access.Writes.Add(MayLaunchAsync);
    }

    private static async Task<bool> MayLaunchAsync(Write<Schedule> write, CancellationToken cancellationToken)
    {
        var (template, project) = (write.Entity.JobTemplateId, write.Entity.ProjectId);
        if (!write.Creating && write.BeforeOf(row => row.JobTemplateId) == template && write.BeforeOf(row => row.ProjectId) == project)
        {
            return true;
        }

        // What is not there for the caller is told as such.
        return !await ScheduleChecks.FindTargetAsync(write, cancellationToken)
            || (template is { } known && await write.Call.Catalog.Get<JobTemplate>().AllowsAsync(write.Db, write.Call.Caller, known, Right.Schedule, cancellationToken))
            || (project is { } other && await write.Call.Catalog.Get<Project>().AllowsAsync(write.Db, write.Call.Caller, other, Right.Schedule, cancellationToken));
    }

    private static Expression<Func<Schedule, bool>> MayChange(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        var administered = Templates(db, caller, ObjectRole.JobTemplateAdmin);
        var projects = Projects(db, caller, ObjectRole.ProjectAdmin);
        var launched = Templates(db, caller, ObjectRole.JobTemplateExecute);
        var updated = Projects(db, caller, ObjectRole.ProjectUpdate);
        return row => administered.Contains(row.JobTemplateId!.Value) || projects.Contains(row.ProjectId!.Value)
            || (row.CreatedById == me && (launched.Contains(row.JobTemplateId!.Value) || updated.Contains(row.ProjectId!.Value)));
    }

    private static IQueryable<long> Templates(AppDb db, Caller caller, ObjectRole role) =>
        db.JobTemplates.Where(Held.Role<JobTemplate>(db, caller, role)).Select(row => row.Id);

    private static IQueryable<long> Projects(AppDb db, Caller caller, ObjectRole role) =>
        db.Projects.Where(Held.Role<Project>(db, caller, role)).Select(row => row.Id);
}
