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
        Guard = RoleGrants.DemandAsync,
        Attach = RoleGrants.GiveAsync,
        Detach = RoleGrants.TakeAsync,
    };

    public static SubList<Role, Team> Teams() => new("teams", (db, id) =>
        team => db.Roles.Any(role => role.Id == id && team.Roles.Any(grant => grant.Role == role.Code && grant.ObjectId == role.ObjectId)))
    {
        Guard = RoleGrants.DemandAsync,
        Attach = RoleGrants.GiveAsync,
        Detach = RoleGrants.TakeAsync,
    };

    public static SubList<User, Role> OfUser() => new("roles", (db, id) =>
        role => db.RoleGrants.Any(grant => grant.UserId == id && grant.Role == role.Code && grant.ObjectId == role.ObjectId)
            || (role.Code == ObjectRole.SystemAdministrator && db.Users.Any(user => user.Id == id && user.IsSuperuser))
            || (role.Code == ObjectRole.SystemAuditor && db.Users.Any(user => user.Id == id && user.IsSystemAuditor)))
    {
        Guard = (_, _) => Task.CompletedTask,
        Attach = Demanding<User>(RoleGrants.GiveAsync),
        Detach = Demanding<User>(RoleGrants.TakeAsync),
    };

    public static SubList<Team, Role> OfTeam() => new("roles", (db, id) =>
        role => db.RoleGrants.Any(grant => grant.TeamId == id && grant.Role == role.Code && grant.ObjectId == role.ObjectId))
    {
        Guard = (_, _) => Task.CompletedTask,
        Attach = Demanding<Team>(RoleGrants.GiveAsync),
        Detach = Demanding<Team>(RoleGrants.TakeAsync),
    };

    /// <summary>Seen from its holder, it is the role, not the holder, on which a right is needed.</summary>
    private static Func<ApiCall, T, Role, Task> Demanding<T>(Func<ApiCall, Role, T, Task> change) => async (call, holder, role) =>
    {
        await RoleGrants.DemandAsync(call, role);
        await change(call, role, holder);
    };
}
