using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Organizations;

/// <summary>Gives roles and takes them away. Repeatable.</summary>
internal static class RoleGrants
{
    /// <exception cref="ApiException">403: only who administers the object gives its roles.</exception>
    public static async Task DemandAsync(ApiCall call, Role role)
    {
        var resource = call.Catalog.Resources.FirstOrDefault(resource => resource.RoleKind == role.ContentType);
        if (resource is not null)
        {
            await resource.DemandAsync(call, role.ObjectId, Right.AdminRole);
        }
        else if (!call.Caller.IsSuperuser)
        {
            throw ApiException.Forbidden();
        }
    }

    public static async Task GiveAsync(ApiCall call, Role role, User user)
    {
        await CheckAsync(call, role, user);
        if (role.ContentType == ObjectKinds.System)
        {
            await SetFlagAsync(call, role, user, true);
        }
        else if (!await call.Db.RoleGrants.AnyAsync(
            grant => grant.UserId == user.Id && grant.Role == role.Code && grant.ObjectId == role.ObjectId, call.Cancellation))
        {
            call.Db.RoleGrants.Add(RoleGrant.ToUser(role.Code, role.ObjectId, user.Id));
        }
    }

    public static async Task TakeAsync(ApiCall call, Role role, User user)
    {
        if (role.ContentType == ObjectKinds.System)
        {
            await SetFlagAsync(call, role, user, false);
        }

        await call.Db.RoleGrants.Where(grant => grant.UserId == user.Id && grant.Role == role.Code && grant.ObjectId == role.ObjectId)
            .ExecuteDeleteAsync(call.Cancellation);
    }

    public static async Task GiveAsync(ApiCall call, Role role, Team team)
    {
        await CheckAsync(call, role, team);
        if (!await call.Db.RoleGrants.AnyAsync(
            grant => grant.TeamId == team.Id && grant.Role == role.Code && grant.ObjectId == role.ObjectId, call.Cancellation))
        {
            call.Db.RoleGrants.Add(RoleGrant.ToTeam(role.Code, role.ObjectId, team.Id));
        }
    }

    public static async Task TakeAsync(ApiCall call, Role role, Team team) =>
        await call.Db.RoleGrants.Where(grant => grant.TeamId == team.Id && grant.Role == role.Code && grant.ObjectId == role.ObjectId)
            .ExecuteDeleteAsync(call.Cancellation);

    private static async Task CheckAsync(ApiCall call, Role role, User user)
    {
        // Who heads an organization may change its members' accounts: nobody is taken in by those who may not.
        if (role.Code is ObjectRole.OrganizationAdmin or ObjectRole.OrganizationMember)
        {
            await call.Catalog.Get<User>().DemandAsync(call, user, Right.TakeIn);
        }

        if (role.ContentType != ObjectKinds.Credential || call.Caller.IsSuperuser)
        {
            return;
        }

        var organization = await OrganizationOfCredentialAsync(call, role);
        if (organization is null)
        {
            throw ApiException.BadMessage("You cannot grant private credential access to another user");
        }

        if (!await call.Db.RoleGrants.AnyAsync(
            grant => grant.UserId == user.Id && grant.ObjectId == organization
                && (grant.Role == ObjectRole.OrganizationMember || grant.Role == ObjectRole.OrganizationAdmin),
            call.Cancellation))
        {
            throw ApiException.BadMessage("You cannot grant credential access to a user not in the credentials' organization");
        }
    }

    private static async Task CheckAsync(ApiCall call, Role role, Team team)
    {
        if (role.ContentType == ObjectKinds.System)
        {
            throw ApiException.BadMessage("You cannot grant system-level permissions to a team.");
        }

        if (RoleDefinition.Of(role.Code).IsForUsersOnly)
        {
            throw ApiException.BadMessage(role.ContentType == ObjectKinds.Organization
                ? "You cannot assign an Organization participation role as a child role for a Team."
                : "You cannot assign a Team role as a child role for a Team.");
        }

        if (role.ContentType == ObjectKinds.Credential && await OrganizationOfCredentialAsync(call, role) != team.OrganizationId)
        {
            throw ApiException.BadMessage(
                "You cannot grant credential access to a team when the Organization field isn't set, or belongs to a different organization");
        }
    }

    private static Task<long?> OrganizationOfCredentialAsync(ApiCall call, Role role) =>
        call.Db.Credentials.Where(credential => credential.Id == role.ObjectId).Select(credential => credential.OrganizationId)
            .SingleOrDefaultAsync(call.Cancellation);

    private static async Task SetFlagAsync(ApiCall call, Role role, User user, bool value)
    {
        var row = call.Db.Users.Where(one => one.Id == user.Id);
        if (role.Code == ObjectRole.SystemAuditor)
        {
            await row.ExecuteUpdateAsync(set => set.SetProperty(one => one.IsSystemAuditor, value), call.Cancellation);
            return;
        }

        if (!value && !await call.Db.Users.AnyAsync(one => one.IsSuperuser && one.Id != user.Id, call.Cancellation))
        {
            throw ApiException.BadMessage("This is the only administrator; name another one first.");
        }

        await row.ExecuteUpdateAsync(set => set.SetProperty(one => one.IsSuperuser, value), call.Cancellation);
    }
}
