using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups;
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
        var builder = new ResourceBuilder<Organization>("organizations", "organization", (db, caller) => db.Organizations.VisibleTo(caller))
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
            .Capabilities("edit", "delete")
            .NamedBy("name")
            .OrderBy("name")
            .Relation("users", x => x.Members.Select(member => member.User))
            .Relation("admins", x => x.Members.Where(member => member.IsAdmin).Select(member => member.User))
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
            .SubList(OrganizationMembers.Users())
            .SubList(OrganizationMembers.Admins())
            .PreferredInstanceGroups<Organization, OrganizationInstanceGroup>(
                id => place => place.OrganizationId == id, id => new OrganizationInstanceGroup { OrganizationId = id });
        builder.Rules.BeforeDelete.Add(RefuseWhileInUseAsync);
        return builder.Build();
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
        var ids = page.Rows.Select(row => row.Id).ToList();
        return await page.Db.Organizations.Where(row => ids.Contains(row.Id))
            .Select(row => new OrganizationCounts(
                row.Id,
                row.Inventories.Count,
                row.Teams.Count,
                row.Members.Count(member => !member.IsAdmin),
                row.JobTemplates.Count,
                row.Members.Count(member => member.IsAdmin),
                row.Projects.Count))
            .ToDictionaryAsync(row => row.Id, cancellationToken);
    }
}
