using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>Who has which role, seen from the role, the user and the team: the same grants under four URLs.</summary>
internal static class RoleHolders
{
    public static SubList<Role, User> Users() => new("users", (db, id) =>
        user => db.Roles.Any(role => role.Id == id
            && (user.Roles.Any(grant => grant.Role == role.Code && grant.ObjectId == role.ObjectId)
                || (role.Code == ObjectRole.SystemAdministrator && user.IsSuperuser)
                || (role.Code == ObjectRole.SystemAuditor && user.IsSystemAuditor))))
    {
        Guard = (call, role) => RoleGrants.DemandAsync(call, role),
        Attach = RoleGrants.GiveAsync,
        Detach = RoleGrants.TakeAsync,
    };

    public static SubList<Role, Team> Teams() => new("teams", (db, id) =>
        team => db.Roles.Any(role => role.Id == id && team.Roles.Any(grant => grant.Role == role.Code && grant.ObjectId == role.ObjectId)))
    {
        Guard = (call, role) => RoleGrants.DemandAsync(call, role),
        Attach = RoleGrants.GiveAsync,
        Detach = RoleGrants.TakeAsync,
    };

    public static SubList<User, Role> OfUser() => new("roles", (db, id) =>
        role => db.RoleGrants.Any(grant => grant.UserId == id && grant.Role == role.Code && grant.ObjectId == role.ObjectId)
            || (role.Code == ObjectRole.SystemAdministrator && db.Users.Any(user => user.Id == id && user.IsSuperuser))
            || (role.Code == ObjectRole.SystemAuditor && db.Users.Any(user => user.Id == id && user.IsSystemAuditor)))
    {
        Guard = (_, _) => Task.CompletedTask,
        Attach = async (call, user, role) =>
        {
            await RoleGrants.DemandAsync(call, role);
            await RoleGrants.GiveAsync(call, role, user);
        },
        Detach = async (call, user, role) =>
        {
            await RoleGrants.DemandAsync(call, role);
            await RoleGrants.TakeAsync(call, role, user);
        },
    };

    public static SubList<Team, Role> OfTeam() => new("roles", (db, id) =>
        role => db.RoleGrants.Any(grant => grant.TeamId == id && grant.Role == role.Code && grant.ObjectId == role.ObjectId))
    {
        Guard = (_, _) => Task.CompletedTask,
        Attach = async (call, team, role) =>
        {
            await RoleGrants.DemandAsync(call, role);
            await RoleGrants.GiveAsync(call, role, team);
        },
        Detach = async (call, team, role) =>
        {
            await RoleGrants.DemandAsync(call, role);
            await RoleGrants.TakeAsync(call, role, team);
        },
    };
}
