using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Organizations;

/// <summary>Organizations, with their members and preferred instance groups.</summary>
internal sealed class OrganizationsController : IResourceController
{
    private readonly Loader<Organization> _counts = new(async (page, cancellationToken) => await LoadCountsAsync(page, cancellationToken));

    public Resource Describe()
    {
        var builder = new ResourceBuilder<Organization>("organizations", "organization", (db, caller) => db.Organizations.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength, field.Unique) = (true, false, 512, true))
            .Field(x => x.Description)
            .Field(x => x.MaxHosts, field =>
            {
                field.Min = 0;
                field.HelpText = "Maximum number of hosts allowed to be managed by this organization.";
            })
            .Computed("custom_virtualenv", FieldKind.String, _ => null)
            .Reference<ExecutionEnvironment>(x => x.DefaultEnvironmentId, null, "id", "name", "description", "image")
            .SummaryPart("related_field_counts", _counts, (Organization row, IReadOnlyDictionary<long, OrganizationCounts> all) =>
                new JsonPart(all[row.Id].Write))
            .Roles(ObjectKinds.Organization, Held.Role<Organization>)
            .AllowBy(ObjectRole.OrganizationAdmin, Right.Edit, Right.Delete)
            .Capabilities(Right.Edit, Right.Delete)
            .Recorded()
            .NamedBy("name")
            .OrderBy("name")
            .Relation("users", x => x.Grants.Where(grant => grant.Role == ObjectRole.OrganizationMember && grant.UserId != null).Select(grant => grant.User!))
            .Relation("admins", x => x.Grants.Where(grant => grant.Role == ObjectRole.OrganizationAdmin && grant.UserId != null).Select(grant => grant.User!))
            .Relation("teams", x => x.Teams)
            .Relation("projects", x => x.Projects)
            .Relation("inventories", x => x.Inventories)
            .Relation("job_templates", x => x.JobTemplates)
            .Relation("instance_groups", x => x.InstanceGroups.Select(place => place.InstanceGroup))
            .SubList<Project>("projects", (_, id) => project => project.OrganizationId == id, "organization")
            .SubList<Inventory>("inventories", (_, id) => inventory => inventory.OrganizationId == id, "organization")
            .SubList<JobTemplate>("job_templates", (_, id) => template => template.OrganizationId == id)
            .SubList<Team>("teams", (_, id) => team => team.OrganizationId == id, "organization")
            .SubList<Credential>("credentials", (_, id) => credential => credential.OrganizationId == id, "organization")
            .SubList<ExecutionEnvironment>("execution_environments", (_, id) => environment => environment.OrganizationId == id, "organization")
            .NotificationTemplates()
            .SubList(OrganizationMembers.Users())
            .SubList(OrganizationMembers.Admins())
            .PreferredInstanceGroups<Organization, OrganizationInstanceGroup>(
                id => place => place.OrganizationId == id, id => new OrganizationInstanceGroup { OrganizationId = id });
        builder.Rules.Checks.Add(CheckMaxHosts);
        builder.Rules.BeforeDelete.Add(RefuseWhileInUseAsync);
        return builder.Build();
    }

    private static Task CheckMaxHosts(Write<Organization> write, CancellationToken cancellationToken)
    {
        if (!write.Call.Caller.IsSuperuser && write.Changes(x => x.MaxHosts))
        {
            write.Errors.Add(FieldErrors.WholeObject, "Cannot change max_hosts.");
        }

        return Task.CompletedTask;
    }

    private static async Task RefuseWhileInUseAsync(Removal<Organization> removal, CancellationToken cancellationToken)
    {
        var active = await removal.Db.UnifiedJobs.AsNoTracking()
            .Where(job => job.OrganizationId == removal.Entity.Id && ActiveJobs.Statuses.Contains(job.Status))
            .OrderBy(job => job.Id).Select(job => new { job.Id, job.Type }).Take(ActiveJobs.MaxListed).ToListAsync(cancellationToken);
        if (active.Count > 0)
        {
            throw ApiException.InUse([.. active.Select(job => (job.Id, job.Type))]);
        }
    }

    private static async Task<IReadOnlyDictionary<long, OrganizationCounts>> LoadCountsAsync(
        LoadContext<Organization> page, CancellationToken cancellationToken)
    {
        var (db, caller) = (page.Db, page.Caller);
        var ids = page.Rows.Select(row => row.Id).ToList();
        var users = db.Users.VisibleTo(db, caller).Select(user => (long?)user.Id);
        return await db.Organizations.Where(row => ids.Contains(row.Id))
            .Select(row => new OrganizationCounts(
                row.Id,
                db.Inventories.VisibleTo(db, caller).Count(inventory => inventory.OrganizationId == row.Id),
                db.Teams.VisibleTo(db, caller).Count(team => team.OrganizationId == row.Id),
                row.Grants.Count(grant => grant.Role == ObjectRole.OrganizationMember && users.Contains(grant.UserId)),
                db.JobTemplates.VisibleTo(db, caller).Count(template => template.OrganizationId == row.Id),
                row.Grants.Count(grant => grant.Role == ObjectRole.OrganizationAdmin && users.Contains(grant.UserId)),
                db.Projects.VisibleTo(db, caller).Count(project => project.OrganizationId == row.Id)))
            .ToDictionaryAsync(row => row.Id, cancellationToken);
    }
}
