using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access.Tokens;

/// <summary>Which tokens and applications a caller may see. Nobody sees a token's secret, its owner included.</summary>
internal static class TokenVisibility
{
    public static IQueryable<AccessToken> VisibleTo(this IQueryable<AccessToken> rows, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(token => token.UserId == caller.UserId);

    public static IQueryable<OAuthApplication> VisibleTo(this IQueryable<OAuthApplication> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var organizations = Held.Objects(db, caller, RoleRules.Of(ObjectRole.OrganizationMember).OnObject);
        return rows.Where(application => organizations.Contains(application.OrganizationId));
    }
}
