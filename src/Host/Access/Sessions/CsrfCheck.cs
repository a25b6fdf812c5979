using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access.Sessions;

/// <summary>
/// Whether a request that changes something was meant by the user, and not sent by a strange page with the user's cookies: it comes from
/// one of our own pages, and repeats a token that only those can read.
/// </summary>
internal sealed class CsrfCheck(IOptions<LoginOptions> options)
{
    public const string HeaderName = "X-CSRFToken";

    /// <exception cref="LoginRefusedException">It may come from elsewhere.</exception>
    public void Require(HttpRequest request, string? expected, string? given)
    {
        if (OriginFault(request) is { } fault)
        {
            throw Refused(fault);
        }

        if (expected is null)
        {
            throw Refused("CSRF cookie not set.");
        }

        if (string.IsNullOrEmpty(given))
        {
            throw Refused("CSRF token missing.");
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given)))
        {
            throw Refused("CSRF token from the 'X-Csrftoken' HTTP header incorrect.");
        }
    }

    /// <summary>The same for a request that a session vouches for. Those that change nothing are free.</summary>
    public void RequireOfSession(HttpRequest request, string key)
    {
        if (!IsSafe(request.Method))
        {
            Require(request, SessionCookies.CsrfOf(key), request.Headers[HeaderName].ToString());
        }
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    /// <summary>Browsers say where a request comes from; over https one that doesn't say it can't be trusted.</summary>
    private string? OriginFault(HttpRequest request)
    {
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            return IsOurs(request, origin) ? null : $"Origin checking failed - {origin} does not match any trusted origins.";
        }

        if (!request.IsHttps)
        {
            return null;
        }

        var referer = request.Headers.Referer.ToString();
        if (referer.Length == 0)
        {
            return "Referer checking failed - no Referer.";
        }

        if (!Uri.TryCreate(referer, UriKind.Absolute, out var page))
        {
            return "Referer checking failed - Referer is malformed.";
        }

        return page.Scheme != Uri.UriSchemeHttps
            ? "Referer checking failed - Referer is insecure while host is secure."
            : IsOurs(request, page.GetLeftPart(UriPartial.Authority)) ? null : $"Referer checking failed - {page.GetLeftPart(UriPartial.Path)} does not match any trusted origins.";
    }

    private bool IsOurs(HttpRequest request, string origin) =>
        Same(origin, $"{request.Scheme}://{request.Host}") || options.Value.TrustedOrigins.Any(trusted => Same(origin, trusted));

    /// <summary>Ports that go without saying may be said.</summary>
    private static bool Same(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second)
        && first.GetLeftPart(UriPartial.Authority).Equals(second.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);

    private static LoginRefusedException Refused(string reason) => new(StatusCodes.Status403Forbidden, $"CSRF Failed: {reason}");
}
