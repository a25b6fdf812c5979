using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>Those who have one role on an organization or a team, as a list of users.</summary>
internal static class OrganizationMembers
{
    public static SubList<Organization, User> Users() => OfOrganization("users", ObjectRole.OrganizationMember);

    public static SubList<Organization, User> Admins() => OfOrganization("admins", ObjectRole.OrganizationAdmin);

    public static SubList<Team, User> OfTeam() => new("users", (_, id) =>
        user => user.Roles.Any(grant => grant.Role == ObjectRole.TeamMember && grant.ObjectId == id))
    {
        Attach = (call, team, user) => RoleGrants.GiveAsync(call, RoleOf(ObjectKinds.Team, ObjectRole.TeamMember, team.Id), user),
        Detach = (call, team, user) => RoleGrants.TakeAsync(call, RoleOf(ObjectKinds.Team, ObjectRole.TeamMember, team.Id), user),
    };

    private static SubList<Organization, User> OfOrganization(string name, ObjectRole role) => new(name, (_, id) =>
        user => user.Roles.Any(grant => grant.Role == role && grant.ObjectId == id))
    {
        Prefill = (_, _) => { },
        ChildNeeds = Right.TakeIn,
        Attach = (call, organization, user) => RoleGrants.GiveAsync(call, RoleOf(ObjectKinds.Organization, role, organization.Id), user),
        Detach = (call, organization, user) => RoleGrants.TakeAsync(call, RoleOf(ObjectKinds.Organization, role, organization.Id), user),
    };

    private static Role RoleOf(string kind, ObjectRole role, long id) => new() { Id = Role.IdOf(role, id), Code = role, ContentType = kind, ObjectId = id };
}
