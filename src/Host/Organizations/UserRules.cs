using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>Who may change whose account: oneself, and who heads every organization that the user belongs to. Accounts with rights on the
/// whole system, and those of no organization, are for its administrators.</summary>
internal static class UserRules
{
    public static Expression<Func<User, bool>> MayEdit(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        return Held.Either<User>(user => user.Id == me, MayAdminister(db, caller));
    }

    public static Expression<Func<User, bool>> MayAdminister(AppDb db, Caller caller)
    {
        var headed = Held.AdministeredOrganizations(db, caller);
        return Held.Both<User>(
            MayTakeIn(db, caller),
            user => user.Roles.Any(grant => (grant.Role == ObjectRole.OrganizationMember || grant.Role == ObjectRole.OrganizationAdmin)
                && headed.Contains(grant.ObjectId)));
    }

    /// <summary>Those of no organization too: somebody has to be their first.</summary>
    public static Expression<Func<User, bool>> MayTakeIn(AppDb db, Caller caller)
    {
        var headed = Held.AdministeredOrganizations(db, caller);
        return user => !user.IsSuperuser && !user.IsSystemAuditor
            && !user.Roles.Any(grant => (grant.Role == ObjectRole.OrganizationMember || grant.Role == ObjectRole.OrganizationAdmin)
                && !headed.Contains(grant.ObjectId));
    }

    /// <summary>Rights on the whole system are given by who has them.</summary>
    public static Task<bool> MaySetFlags(Write<User> write, CancellationToken cancellationToken) => Task.FromResult(write.Creating
        ? write.Entity is { IsSuperuser: false, IsSystemAuditor: false }
        : !write.Changes(user => user.IsSuperuser) && !write.Changes(user => user.IsSystemAuditor));
}
