using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access.Tokens;

/// <summary>Which tokens and applications a caller may see. Nobody sees a token's secret, its owner included.</summary>
internal static class TokenVisibility
{
    public static IQueryable<AccessToken> VisibleTo(this IQueryable<AccessToken> rows, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(token => token.UserId == caller.UserId);

    public static IQueryable<OAuthApplication> VisibleTo(this IQueryable<OAuthApplication> rows, Caller caller) => caller.SeesEverything
        ? rows
        : rows.Where(application => application.Organization.Members.Any(member => member.UserId == caller.UserId));
}
