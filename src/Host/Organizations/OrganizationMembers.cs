using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>Those who have one role on an organization or a team, as a list of users.</summary>
internal static class OrganizationMembers
{
    public static SubList<Organization, User> Users() => new("users", (_, id) =>
        user => user.Roles.Any(grant => grant.Role == ObjectRole.OrganizationMember && grant.ObjectId == id))
    {
        Prefill = (_, _) => { },
        ChildNeeds = Right.TakeIn,
        Attach = (call, organization, user) => RoleGrants.GiveAsync(call, RoleOf(ObjectKinds.Organization, ObjectRole.OrganizationMember, organization.Id), user),
        Detach = (call, organization, user) => RoleGrants.TakeAsync(call, RoleOf(ObjectKinds.Organization, ObjectRole.OrganizationMember, organization.Id), user),
    };

    public static SubList<Organization, User> Admins() => new("admins", (_, id) =>
        user => user.Roles.Any(grant => grant.Role == ObjectRole.OrganizationAdmin && grant.ObjectId == id))
    {
        Prefill = (_, _) => { },
        ChildNeeds = Right.TakeIn,
        Attach = (call, organization, user) => RoleGrants.GiveAsync(call, RoleOf(ObjectKinds.Organization, ObjectRole.OrganizationAdmin, organization.Id), user),
        Detach = (call, organization, user) => RoleGrants.TakeAsync(call, RoleOf(ObjectKinds.Organization, ObjectRole.OrganizationAdmin, organization.Id), user),
    };

    public static SubList<Team, User> OfTeam() => new("users", (_, id) =>
        user => user.Roles.Any(grant => grant.Role == ObjectRole.TeamMember && grant.ObjectId == id))
    {
        Attach = (call, team, user) => RoleGrants.GiveAsync(call, RoleOf(ObjectKinds.Team, ObjectRole.TeamMember, team.Id), user),
        Detach = (call, team, user) => RoleGrants.TakeAsync(call, RoleOf(ObjectKinds.Team, ObjectRole.TeamMember, team.Id), user),
    };

    private static Role RoleOf(string kind, ObjectRole role, long id) => new() { Id = Role.IdOf(role, id), Code = role, ContentType = kind, ObjectId = id };
}
