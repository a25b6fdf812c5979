using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Access.Sessions;
using ContainerGroups.Host.Access.Tokens;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Access;

/// <summary>
/// Finds out who calls, in AWX's order: a bearer token, else a session, else <c>Basic</c> with name and password. Endpoints ask when they
/// want to know, never a middleware for all of them: where programs log in, <c>Basic</c> names the program and no user.
/// </summary>
internal sealed class RequestLogin(BearerLogin bearer, SessionLogin sessions, PasswordLogin passwords, IOptions<LoginOptions> options)
{
    /// <summary>The caller; null for an anonymous one. It is the request's user from then on.</summary>
    /// <exception cref="LoginRefusedException">What was shown is wrong, or is not even looked at.</exception>
    public async Task<Caller?> FindAsync(HttpContext http)
    {
        var caller = await AskAsync(http);
        if (caller is not null)
        {
            http.User = caller.ToPrincipal("Api");
        }

        return caller;
    }

    private async Task<Caller?> AskAsync(HttpContext http)
    {
        var (scheme, value) = BasicCredentials.Split(http.Request.Headers.Authorization.ToString());
        if (scheme == "BEARER")
        {
            return await bearer.FindAsync(value, http.RequestAborted) ?? throw LoginRefusedException.WrongCredentials("Invalid token.");
        }

        return await sessions.FindAsync(http) ?? (scheme == "BASIC" && options.Value.Basic ? await BasicAsync(http, value) : null);
    }

    private async Task<Caller> BasicAsync(HttpContext http, string value)
    {
        if (BasicCredentials.Decode(value) is not { } credentials)
        {
            throw LoginRefusedException.WrongCredentials("Invalid basic header. Credentials not correctly base64 encoded.");
        }

        var user = await passwords.CheckAsync(credentials.Name, credentials.Secret, http.Connection.RemoteIpAddress, http.RequestAborted);
        return user is null ? throw LoginRefusedException.WrongCredentials("Invalid username/password.") : Caller.Of(user);
    }
}
