using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>
/// Who may launch, cancel and delete jobs. A template lends those who may execute it all that it names; what a launch names beyond that,
/// its launcher has to have the use of.
/// </summary>
internal static class JobRights
{
    public static void AddTo(ResourceBuilder<Job> builder)
    {
        builder
            .Allow([Right.Start], MayStart)
            .Allow([Right.Cancel], MayCancel)
            .Allow([Right.Delete], MayDelete);
        builder.Access.Creation = call => call.Catalog.Get<Project>().AllowsAnyAsync(call.Db, call.Caller, Right.UseRole, call.Cancellation);
    }

    /// <summary>Demands the use of what a job has beyond what its template lends.</summary>
    /// <param name="call">The request.</param>
    /// <param name="job">The new job, its credentials with it.</param>
    /// <param name="askedGroups">The instance groups that are asked for by name.</param>
    /// <exception cref="ApiException">403: something is lacking.</exception>
    public static async Task DemandUseAsync(ApiCall call, Job job, IReadOnlyList<long> askedGroups)
    {
        if (call.Caller.IsSuperuser)
        {
            return;
        }

        var template = job.JobTemplateId is { } id
            ? await call.Db.JobTemplates.AsNoTracking().Include(t => t.Credentials).Include(t => t.InstanceGroups).Include(t => t.Labels)
                .SingleOrDefaultAsync(t => t.Id == id, call.Cancellation)
            : null;
        if (job.ProjectId is null && template is null)
        {
            // What belongs to no project belongs to no organization.
            throw ApiException.Forbidden();
        }

        await DemandAsync<Project>(call, [job.ProjectId], [template?.ProjectId]);
        await DemandAsync<Inventory>(call, [job.InventoryId], [template?.InventoryId]);
        await DemandAsync<Credential>(
            call, job.Credentials.Select(place => (long?)place.CredentialId), template?.Credentials.Select(place => (long?)place.CredentialId) ?? []);
        await DemandAsync<InstanceGroup>(
            call, askedGroups.Select(group => (long?)group), template?.InstanceGroups.Select(place => (long?)place.InstanceGroupId) ?? []);
        if (job.ExecutionEnvironmentId is { } environment && environment != template?.ExecutionEnvironmentId
            && !await call.Db.ExecutionEnvironments.VisibleTo(call.Db, call.Caller).AnyAsync(row => row.Id == environment, call.Cancellation))
        {
            throw ApiException.Forbidden();
        }

        await DemandLabelsAsync(call, [.. job.Labels.Select(place => place.LabelId).Except(template?.Labels.Select(place => place.LabelId) ?? [])]);
    }

    /// <summary>To see a label is enough to give it.</summary>
    private static async Task DemandLabelsAsync(ApiCall call, IReadOnlyCollection<long> ids)
    {
        if (ids.Count > 0
            && await call.Db.Labels.Where(label => ids.Contains(label.Id)).Except(call.Db.Labels.VisibleTo(call.Db, call.Caller)).AnyAsync(call.Cancellation))
        {
            throw ApiException.Forbidden();
        }
    }

    private static async Task DemandAsync<T>(ApiCall call, IEnumerable<long?> named, IEnumerable<long?> lent)
        where T : class
    {
        foreach (var id in named.Except(lent).OfType<long>())
        {
            await call.Catalog.Get<T>().DemandAsync(call, id, Right.UseRole);
        }
    }

    private static Expression<Func<Job, bool>> MayStart(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        var templates = Templates(db, caller, ObjectRole.JobTemplateExecute);
        return job => templates.Contains(job.JobTemplateId!.Value) || (job.JobTemplateId == null && job.CreatedById == me);
    }

    private static Expression<Func<Job, bool>> MayCancel(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        var templates = Templates(db, caller, ObjectRole.JobTemplateAdmin);
        var organizations = Held.Objects(db, caller, RoleRules.Of(ObjectRole.OrganizationJobTemplateAdmin).OnObject);
        return job => job.CreatedById == me || templates.Contains(job.JobTemplateId!.Value)
            || (job.JobTemplateId == null && organizations.Contains(job.OrganizationId!.Value));
    }

    private static Expression<Func<Job, bool>> MayDelete(AppDb db, Caller caller)
    {
        var organizations = Held.AdministeredOrganizations(db, caller);
        return job => organizations.Contains(job.OrganizationId!.Value);
    }

    private static IQueryable<long> Templates(AppDb db, Caller caller, ObjectRole role) =>
        db.JobTemplates.Where(Held.Role<JobTemplate>(db, caller, role)).Select(template => template.Id);
}
