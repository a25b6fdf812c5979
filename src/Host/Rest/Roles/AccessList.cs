using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest.Roles;

/// <summary><c>/things/N/access_list/</c>: who has any role on an object, and what each has it by.</summary>
internal static class AccessList
{
    public static async Task ShowAsync(ApiCall call, string kind, long id)
    {
        var scope = await AccessScope.FindAsync(call.Db, kind, id, call.Cancellation);
        var users = call.Catalog.Get<User>();
        await ListAnswer.WriteAsync(call, users, users.VisibleRows(call.Db, call.Caller).Where(HasAccess(call.Db, scope)), scope: scope);
    }

    private static Expression<Func<User, bool>> HasAccess(AppDb db, AccessScope scope)
    {
        var grants = scope.Grants(db);
        var teams = grants.Where(grant => grant.TeamId != null).Select(grant => grant.TeamId!.Value);
        var (owner, ownerTeam) = (scope.OwnerId, scope.OwnerTeamId);
        return user => user.IsSuperuser || user.IsSystemAuditor || user.Id == owner
            || grants.Any(grant => grant.UserId == user.Id)
            || user.Roles.Any(grant => (grant.Role == ObjectRole.TeamMember || grant.Role == ObjectRole.TeamAdmin)
                && (grant.ObjectId == ownerTeam || teams.Contains(grant.ObjectId)));
    }
}

/// <summary>The object of an access list, and where roles on it come from.</summary>
/// <param name="Kind">One of <see cref="ObjectKinds"/>.</param>
/// <param name="Id">The object.</param>
/// <param name="OrganizationId">Its organization; null when it has none.</param>
/// <param name="OwnerId">The user who owns it; null for objects that nobody owns by name.</param>
/// <param name="OwnerTeamId">The team that owns it.</param>
internal sealed record AccessScope(string Kind, long Id, long? OrganizationId, long? OwnerId, long? OwnerTeamId)
{
    /// <summary>The roles on the object itself.</summary>
    public ObjectRole[] OwnRoles { get; } = [.. RoleDefinition.OfKind(Kind).Select(role => role.Role)];

    /// <summary>The roles on its organization that give any of them.</summary>
    public ObjectRole[] OrganizationRoles { get; } =
        [.. RoleDefinition.OfKind(Kind).SelectMany(role => RoleRules.Of(role.Role).OnOrganization).Distinct()];

    public static async Task<AccessScope> FindAsync(AppDb db, string kind, long id, CancellationToken cancellationToken)
    {
        var owners = kind switch
        {
            ObjectKinds.Team => db.Teams.Where(row => row.Id == id).Select(row => new Owners(row.OrganizationId, null, null)),
            ObjectKinds.Project => db.Projects.Where(row => row.Id == id).Select(row => new Owners(row.OrganizationId, null, null)),
            ObjectKinds.Inventory => db.Inventories.Where(row => row.Id == id).Select(row => new Owners(row.OrganizationId, null, null)),
            ObjectKinds.JobTemplate => db.JobTemplates.Where(row => row.Id == id).Select(row => new Owners(row.OrganizationId, null, null)),
            ObjectKinds.Credential => db.Credentials.Where(row => row.Id == id).Select(row => new Owners(row.OrganizationId, row.UserId, row.TeamId)),
            _ => null,
        };
        var found = owners is null ? null : await owners.SingleOrDefaultAsync(cancellationToken);
        return new AccessScope(kind, id, found?.OrganizationId, found?.UserId, found?.TeamId);
    }

    /// <summary>Everything that was given on the object or, where it counts for the object, on its organization.</summary>
    public IQueryable<RoleGrant> Grants(AppDb db)
    {
        var (id, organization, own, above) = (Id, OrganizationId, OwnRoles, OrganizationRoles);
        return db.RoleGrants.Where(grant => (EF.Constant(own).Contains(grant.Role) && grant.ObjectId == id)
            || (EF.Constant(above).Contains(grant.Role) && grant.ObjectId == organization));
    }

    private sealed record Owners(long? OrganizationId, long? UserId, long? TeamId);
}
