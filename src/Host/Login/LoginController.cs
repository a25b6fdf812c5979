using ContainerGroups.Host.Access;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Access.Sessions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Login;

/// <summary><c>/api/login/</c> and <c>/api/logout/</c>: where sessions begin and end, for people and for programs that behave like browsers.</summary>
internal sealed class LoginController(PasswordLogin passwords, SessionStore sessions, SessionCookies cookies, CsrfCheck csrf)
{
    private const string LoginUrl = "/api/login/";

    private const string Home = "/api/";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        new ApiEndpoint().Get(ShowAsync).Post(BeginAsync).Unguarded().Map(endpoints, LoginUrl);
        new ApiEndpoint().Get(EndAsync).Post(EndAsync).Unguarded().Map(endpoints, "/api/logout/");
    }

    private static Task ShowAsync(ApiCall call)
    {
        if (!Acceptance.TakesAny(call.Http.Request, "text/html"))
        {
            throw Acceptance.Refusal();
        }

        return ShowAsync(call, StatusCodes.Status200OK, LocalUrl(call.Http.Request.Query["next"].ToString()), "", "");
    }

    private async Task BeginAsync(ApiCall call)
    {
        var http = call.Http;
        var form = await FormBody.ReadAsync(http);
        RequireCsrf(http.Request, form);
        var next = LocalUrl(form["next"]);
        User? user;
        try
        {
            user = await passwords.CheckAsync(form["username"], form["password"], http.Connection.RemoteIpAddress, call.Cancellation);
        }
        catch (LoginRefusedException e)
        {
            e.WriteHeaders(http.Response);
            await ShowAsync(call, e.Status, next, form["username"], e.Message);
            return;
        }

        if (user is null)
        {
            const string text = "Your username and password didn't match. Please try again.";
            await ShowAsync(call, StatusCodes.Status401Unauthorized, next, form["username"], text);
            return;
        }

        if (SessionCookies.KeyOf(http.Request) is { } before)
        {
            await SessionStore.EndAsync(call.Db, before, call.Cancellation);
        }

        cookies.Begin(http, await sessions.BeginAsync(call.Db, user, call.Cancellation));
        http.Response.Headers["X-API-Session-Cookie-Name"] = SessionCookies.SessionName;
        http.Response.Redirect(next);
    }

    private static async Task EndAsync(ApiCall call)
    {
        if (SessionCookies.KeyOf(call.Http.Request) is { } key)
        {
            await SessionStore.EndAsync(call.Db, key, call.Cancellation);
        }

        SessionCookies.End(call.Http);
        call.Http.Response.Redirect(Home);
    }

    /// <summary>Without it a strange page could log its visitors in under its own name.</summary>
    private void RequireCsrf(HttpRequest request, FormBody form)
    {
        var given = request.Headers[CsrfCheck.HeaderName].ToString();
        csrf.Require(request, request.Cookies[SessionCookies.CsrfName], given.Length > 0 ? given : form[LoginPage.CsrfField]);
    }

    private static Task ShowAsync(ApiCall call, int status, string next, string username, string fault)
    {
        var page = new LoginPage(SessionCookies.OfferCsrf(call.Http), next, username, fault);
        return page.AnswerAsync(call.Http.Response, status);
    }

    /// <summary>A page of this server; whatever leads elsewhere leads home.</summary>
    private static string LocalUrl(string next) =>
        next.Length > 0 && next[0] == '/' && (next.Length == 1 || next[1] is not ('/' or '\\')) && !next.Any(char.IsControl) && next.All(char.IsAscii)
            ? next
            : Home;
}
