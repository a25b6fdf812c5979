using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access.Sessions;

/// <summary>
/// The cookies of a session: its key, which no script may read; whether somebody is logged in; and the token that unsafe requests have
/// to repeat in a header. That token follows from the key, so that it is worth nothing in another session.
/// </summary>
internal sealed class SessionCookies(IOptions<LoginOptions> options)
{
    public const string SessionName = "awx_sessionid";

    public const string CsrfName = "csrftoken";

    private const string LoggedInName = "userLoggedIn";

    private static readonly TimeSpan CsrfLifetime = TimeSpan.FromDays(365);

    public int LifetimeSeconds => (int)options.Value.SessionLifetime.TotalSeconds;

    /// <summary>What the client says is its session; null when it says nothing that could be one.</summary>
    public static string? KeyOf(HttpRequest request) => request.Cookies[SessionName] is { Length: > 0 and < 200 } key ? key : null;

    /// <summary>The token that belongs to a session.</summary>
    public static string CsrfOf(string key) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "csrf"u8));

    public void Begin(HttpContext http, string key)
    {
        var lifetime = options.Value.SessionLifetime;
        Append(http, SessionName, key, lifetime, readable: false);
        Append(http, LoggedInName, "true", lifetime, readable: true);
        Append(http, CsrfName, CsrfOf(key), CsrfLifetime, readable: true);
    }

    public static void End(HttpContext http)
    {
        http.Response.Cookies.Delete(SessionName, Attributes(http, TimeSpan.Zero, readable: false));
        Append(http, LoggedInName, "false", CsrfLifetime, readable: true);
    }

    /// <summary>Gives a client what it needs to log in, or to go on in its session; one that has it keeps it.</summary>
    public static string OfferCsrf(HttpContext http)
    {
        var needed = KeyOf(http.Request) is { } key ? CsrfOf(key) : null;
        if (http.Request.Cookies[CsrfName] is { Length: >= 32 and <= 128 } known && known.All(char.IsAsciiLetterOrDigit) && known == (needed ?? known))
        {
            return known;
        }

        var token = needed ?? RandomSecret.New();
        Append(http, CsrfName, token, CsrfLifetime, readable: true);
        return token;
    }

    private static void Append(HttpContext http, string name, string value, TimeSpan lifetime, bool readable) =>
        http.Response.Cookies.Append(name, value, Attributes(http, lifetime, readable));

    private static CookieOptions Attributes(HttpContext http, TimeSpan lifetime, bool readable) => new()
    {
        HttpOnly = !readable,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
