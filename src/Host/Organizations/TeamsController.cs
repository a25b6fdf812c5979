using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>Teams and who is in them.</summary>
internal sealed class TeamsController : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<Team>("teams", "team", (db, caller) => db.Teams.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Organization>(x => x.OrganizationId)
            .Roles(ObjectKinds.Team, Held.Role<Team>)
            .AllowBy(ObjectRole.TeamAdmin, Right.Edit, Right.Delete)
            .CreateIn<Organization>("organization", x => x.OrganizationId, Right.AdminRole)
            .Capabilities(Right.Edit, Right.Delete)
            .Recorded()
            .NamedBy("name", ["organization"])
            .OrderBy("organization__name", "name")
            .Relation("users", x => x.Grants.Where(grant => grant.Role == ObjectRole.TeamMember && grant.UserId != null).Select(grant => grant.User!))
            .SubList<Credential>("credentials", (_, id) => credential => credential.TeamId == id, "team")
            .SubList<Project>("projects", (db, id) => project => db.RoleGrants.Any(grant =>
                grant.TeamId == id && grant.Role >= ObjectRole.ProjectAdmin && grant.Role <= ObjectRole.ProjectRead && grant.ObjectId == project.Id))
            .SubList(OrganizationMembers.OfTeam())
            .SubList(RoleHolders.OfTeam());
        builder.Rules.UniqueTogether.Add(["organization", "name"]);
        return builder.Build();
    }
}
