using System.Linq.Expressions;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Access;

/// <summary>
/// What a caller's roles come to, as conditions for SQL. The parts that depend on the caller alone are sub-selects without reference to
/// the row: a database makes each of them once for a statement, however many rows it looks at. The flags of administrators and auditors
/// of the system are not looked at here.
/// </summary>
internal static class Held
{
    /// <summary>The objects on which the caller was given one of the roles, by name or as a member of a team.</summary>
    public static IQueryable<long> Objects(AppDb db, Caller caller, params ObjectRole[] roles)
    {
        var me = caller.UserId;
        var teams = Teams(db, caller);
        return db.RoleGrants
            .Where(grant => EF.Constant(roles).Contains(grant.Role)
                && (grant.UserId == me || (grant.TeamId != null && teams.Contains(grant.TeamId.Value))))
            .Select(grant => grant.ObjectId);
    }

    /// <summary>The organizations that the caller administers. Teams can't.</summary>
    public static IQueryable<long> AdministeredOrganizations(AppDb db, Caller caller) =>
        Own(db, caller, ObjectRole.OrganizationAdmin);

    /// <summary>The teams that the caller is in: who administers a team, or its organization, is in it too.</summary>
    public static IQueryable<long> Teams(AppDb db, Caller caller)
    {
        var own = Own(db, caller, ObjectRole.TeamAdmin, ObjectRole.TeamMember);
        var organizations = AdministeredOrganizations(db, caller);
        return db.Teams.Where(team => own.Contains(team.Id) || organizations.Contains(team.OrganizationId)).Select(team => team.Id);
    }

    /// <summary>Whether the caller has a role on a row: an object with an <c>Id</c> and, where organizations matter, an
    /// <c>OrganizationId</c>.</summary>
    public static Expression<Func<T, bool>> Role<T>(AppDb db, Caller caller, ObjectRole role)
        where T : Entity
    {
        var sources = RoleRules.Of(role);
        var row = Expression.Parameter(typeof(T), "row");
        Expression condition = Contains(Objects(db, caller, sources.OnObject), Expression.Property(row, nameof(Entity.Id)));
        if (sources.OnOrganization.Length > 0)
        {
            condition = Expression.OrElse(
                condition, Contains(Objects(db, caller, sources.OnOrganization), Expression.Property(row, nameof(Team.OrganizationId))));
        }

        return Expression.Lambda<Func<T, bool>>(condition, row);
    }

    /// <summary>A credential's owner has every role on it.</summary>
    public static Expression<Func<Credential, bool>> Credential(AppDb db, Caller caller, ObjectRole role)
    {
        var me = caller.UserId;
        var teams = Teams(db, caller);
        return Either<Credential>(
            Role<Credential>(db, caller, role),
            credential => credential.UserId == me || (credential.TeamId != null && teams.Contains(credential.TeamId.Value)));
    }

    /// <summary>A condition on what a row belongs to.</summary>
    public static Expression<Func<T, bool>> Through<T, TOwner>(Expression<Func<T, TOwner?>> owner, Expression<Func<TOwner, bool>> condition) =>
        Expression.Lambda<Func<T, bool>>(Substitution.Inline(condition, owner.Body), owner.Parameters);

    public static Expression<Func<T, bool>> Either<T>(Expression<Func<T, bool>> one, Expression<Func<T, bool>> other) =>
        Expression.Lambda<Func<T, bool>>(Expression.OrElse(one.Body, Substitution.Inline(other, one.Parameters[0])), one.Parameters);

    public static Expression<Func<T, bool>> Both<T>(Expression<Func<T, bool>> one, Expression<Func<T, bool>> other) =>
        Expression.Lambda<Func<T, bool>>(Expression.AndAlso(one.Body, Substitution.Inline(other, one.Parameters[0])), one.Parameters);

    private static IQueryable<long> Own(AppDb db, Caller caller, params ObjectRole[] roles)
    {
        var me = caller.UserId;
        return db.RoleGrants.Where(grant => grant.UserId == me && EF.Constant(roles).Contains(grant.Role)).Select(grant => grant.ObjectId);
    }

    private static MethodCallExpression Contains(IQueryable<long> ids, Expression id) => Expression.Call(
        typeof(Queryable), nameof(Queryable.Contains), [typeof(long)], ids.Expression,
        id.Type == typeof(long) ? id : Expression.Property(id, nameof(Nullable<>.Value)));
}
