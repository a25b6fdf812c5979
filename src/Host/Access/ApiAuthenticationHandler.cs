using System.Text;
using System.Text.Encodings.Web;
using ContainerGroups.Host.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access;

/// <summary>Finds out who calls: <c>Basic</c> with name and password, or <c>Bearer</c> with the local token.</summary>
internal sealed class ApiAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IDbContextFactory<AppDb> databases,
    PasswordHashes passwords,
    LocalToken localToken)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Api";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return header.Length == 0 ? AuthenticateResult.NoResult() : AuthenticateResult.Fail("Invalid authorization header.");
        }

        var value = header[(space + 1)..].Trim();
        return header[..space].ToUpperInvariant() switch
        {
            "BASIC" => await BasicAsync(value),
            "BEARER" => await BearerAsync(value),
            _ => AuthenticateResult.NoResult(),
        };
    }

    private async Task<AuthenticateResult> BasicAsync(string value)
    {
        if (Decode(value) is not { } credentials || credentials.IndexOf(':', StringComparison.Ordinal) is var colon && colon < 0)
        {
            return AuthenticateResult.Fail("Invalid basic header. Credentials not correctly base64 encoded.");
        }

        var name = credentials[..colon];
        await using var db = await databases.CreateDbContextAsync(Context.RequestAborted);

        // A NUL can't be in a stored name, and PostgreSQL refuses it in a parameter.
        var user = name.Contains('\0', StringComparison.Ordinal)
            ? null
            : await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Username == name, Context.RequestAborted);
        return passwords.Verify(user, credentials[(colon + 1)..])
            ? Success(user!)
            : AuthenticateResult.Fail("Invalid username/password.");
    }

    private async Task<AuthenticateResult> BearerAsync(string token)
    {
        if (!localToken.IsRight(token))
        {
            return AuthenticateResult.Fail("Invalid token.");
        }

        await using var db = await databases.CreateDbContextAsync(Context.RequestAborted);
        var administrator = await db.Users.AsNoTracking().Where(row => row.IsSuperuser).OrderBy(row => row.Id)
            .FirstOrDefaultAsync(Context.RequestAborted);
        return administrator is null ? AuthenticateResult.Fail("There is no administrator.") : Success(administrator);
    }

    private static AuthenticateResult Success(User user) =>
        AuthenticateResult.Success(new AuthenticationTicket(Caller.Of(user).ToPrincipal(SchemeName), SchemeName));

    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
