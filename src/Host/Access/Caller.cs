using System.Globalization;
using System.Security.Claims;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>The user on whose behalf a request is answered.</summary>
internal sealed record Caller(long UserId, string Username, bool IsSuperuser, bool IsSystemAuditor)
{
    private const string SuperuserClaim = "is_superuser";
    private const string AuditorClaim = "is_system_auditor";

    /// <summary>Whether every row is visible.</summary>
    public bool SeesEverything => IsSuperuser || IsSystemAuditor;

    /// <summary>Whether anything may be changed at all.</summary>
    public bool MayWrite => IsSuperuser;

    public static Caller Of(User user) => new(user.Id, user.Username, user.IsSuperuser, user.IsSystemAuditor);

    /// <summary>The caller that authentication found; null for an anonymous request.</summary>
    public static Caller? From(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true, Name: { } name } && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? new Caller(
                long.Parse(id, CultureInfo.InvariantCulture),
                name,
                principal.HasClaim(SuperuserClaim, "1"),
                principal.HasClaim(AuditorClaim, "1"))
            : null;

    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var claims = new List<Claim>
        {
            new(ClaimTypes.NameIdentifier, UserId.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, Username),
        };
        if (IsSuperuser)
        {
            claims.Add(new Claim(SuperuserClaim, "1"));
        }

        if (IsSystemAuditor)
        {
            claims.Add(new Claim(AuditorClaim, "1"));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }
}
