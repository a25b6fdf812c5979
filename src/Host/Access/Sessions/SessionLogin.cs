using System.Globalization;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Access.Sessions;

/// <summary>Finds out who calls from the session that the request's cookie names.</summary>
internal sealed class SessionLogin(IDbContextFactory<AppDb> databases, SessionStore sessions, SessionCookies cookies, CsrfCheck csrf)
{
    /// <summary>The caller; null without a session, or with one that is over.</summary>
    /// <exception cref="LoginRefusedException">A strange page may have sent the request.</exception>
    public async Task<Caller?> FindAsync(HttpContext http)
    {
        if (SessionCookies.KeyOf(http.Request) is not { } key)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        if (await sessions.FindAsync(db, key, http.RequestAborted) is not { } session)
        {
            return null;
        }

        csrf.RequireOfSession(http.Request, key);
        if (await sessions.ExtendAsync(db, session, http.RequestAborted))
        {
            cookies.Begin(http, key);
        }

        http.Response.Headers["Session-Timeout"] = cookies.LifetimeSeconds.ToString(CultureInfo.InvariantCulture);
        return Caller.Of(session.User) with { SessionId = session.Id };
    }
}
