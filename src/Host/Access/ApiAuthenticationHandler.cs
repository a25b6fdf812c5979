using System.Text.Encodings.Web;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Access.Sessions;
using ContainerGroups.Host.Access.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access;

/// <summary>Finds out who calls, in AWX's order: a bearer token, else a session, else <c>Basic</c> with name and password.</summary>
internal sealed class ApiAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemeOptions,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    BearerLogin bearer,
    SessionLogin sessions,
    PasswordLogin passwords,
    IOptions<LoginOptions> options)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemeOptions, loggers, encoder)
{
    public const string SchemeName = "Api";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (scheme, value) = BasicCredentials.Split(Request.Headers.Authorization.ToString());
        try
        {
            if (scheme == "BEARER")
            {
                return Result(await bearer.FindAsync(value, Context.RequestAborted), "Invalid token.");
            }

            if (await sessions.FindAsync(Context) is { } caller)
            {
                return Result(caller, "");
            }

            return scheme == "BASIC" && options.Value.Basic ? await BasicAsync(value) : AuthenticateResult.NoResult();
        }
        catch (LoginRefusedException e)
        {
            return AuthenticateResult.Fail(e);
        }
    }

    private async Task<AuthenticateResult> BasicAsync(string value)
    {
        if (BasicCredentials.Decode(value) is not { } credentials)
        {
            return AuthenticateResult.Fail("Invalid basic header. Credentials not correctly base64 encoded.");
        }

        var user = await passwords.CheckAsync(credentials.Name, credentials.Secret, Context.Connection.RemoteIpAddress, Context.RequestAborted);
        return Result(user is null ? null : Caller.Of(user), "Invalid username/password.");
    }

    private static AuthenticateResult Result(Caller? caller, string fault) => caller is null
        ? AuthenticateResult.Fail(fault)
        : AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(SchemeName), SchemeName));
}
