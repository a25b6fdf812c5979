using System.Globalization;
using System.Security.Claims;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>The user on whose behalf a request is answered.</summary>
internal sealed record Caller(long UserId, string Username, bool IsSuperuser, bool IsSystemAuditor)
{
    private const string SuperuserClaim = "is_superuser";
    private const string AuditorClaim = "is_system_auditor";
    private const string ReadOnlyClaim = "read_only";
    private const string SessionClaim = "session";

    /// <summary>Whether the token that was shown allows to read only, whatever its user may do.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The session in which the request was made; null for requests that bring a token or a password themselves.</summary>
    public long? SessionId { get; init; }

    /// <summary>Whether every row is visible.</summary>
    public bool SeesEverything => IsSuperuser || IsSystemAuditor;

    /// <summary>Whether the caller may change what the caller's roles allow.</summary>
    public bool MayWrite => !IsReadOnly;

    public static Caller Of(User user) => new(user.Id, user.Username, user.IsSuperuser, user.IsSystemAuditor);

    /// <summary>The caller that authentication found; null for an anonymous request.</summary>
    public static Caller? From(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true, Name: { } name } && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? new Caller(
                long.Parse(id, CultureInfo.InvariantCulture),
                name,
                principal.HasClaim(SuperuserClaim, "1"),
                principal.HasClaim(AuditorClaim, "1"))
            {
                IsReadOnly = principal.HasClaim(ReadOnlyClaim, "1"),
                SessionId = principal.FindFirstValue(SessionClaim) is { } session ? long.Parse(session, CultureInfo.InvariantCulture) : null,
            }
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

        if (IsReadOnly)
        {
            claims.Add(new Claim(ReadOnlyClaim, "1"));
        }

        if (SessionId is { } session)
        {
            claims.Add(new Claim(SessionClaim, session.ToString(CultureInfo.InvariantCulture)));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }
}
