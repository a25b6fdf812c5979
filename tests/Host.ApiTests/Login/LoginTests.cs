using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.Login;

/// <summary>Sessions, as browsers and awxkit begin, use and end them.</summary>
internal sealed class LoginTests(DatabaseKind kind) : BrowserFixture(kind)
{
    [Test]
    public async Task Root_GivesTheTokenThatTheLoginAsksFor()
    {
        var answer = await Browser.SendAsync(HttpMethod.Get, "/api/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Browser.Csrf, Has.Length.GreaterThanOrEqualTo(32));
        Assert.That(answer.Headers["Set-Cookie"], Does.Contain("samesite=lax").And.Not.Contain("httponly"));
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "/api/")).Headers, Does.Not.ContainKey("Set-Cookie"), "who has one keeps it");
    }

    [TestCase("*/*", HttpStatusCode.OK)]
    [TestCase("text/html", HttpStatusCode.OK)]
    [TestCase("application/xhtml+xml,text/html;q=0.9", HttpStatusCode.OK)]
    [TestCase("application/json", HttpStatusCode.NotAcceptable)]
    [TestCase("text/html;q=0, application/json", HttpStatusCode.NotAcceptable)]
    public async Task Page_IsForThoseWhoTakeHtml(string accept, HttpStatusCode expected)
    {
        var answer = await Browser.SendAsync(HttpMethod.Get, "/api/login/?next=/api/v2/%22%3E%3Cscript%3E", null, ("Accept", accept));

        Assert.That(answer.Status, Is.EqualTo(expected));
        if (expected == HttpStatusCode.OK)
        {
            Assert.That(answer.Headers["Content-Type"], Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(answer.Headers["Content-Security-Policy"], Does.StartWith("default-src 'none'; style-src 'sha256-").And.Contain("frame-ancestors 'none'"));
            Assert.That(answer.Headers["X-API-Product-Name"], Is.EqualTo("AWX"));
            Assert.That(answer.Text, Does.Contain($"value=\"{Browser.Csrf}\"").And.Not.Contain("<script"));
        }
        else
        {
            Assert.That(answer["detail"]!.ToString(), Is.EqualTo("Could not satisfy the request Accept header."));
        }
    }

    [Test]
    public async Task Login_BeginsASession()
    {
        var answer = await Browser.LoginAsync("admin", ApiServer.Password, "/api/v2/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Found), answer.Text);
        Assert.That(answer.Headers["Location"], Is.EqualTo("/api/v2/"));
        Assert.That(answer.Headers["X-API-Session-Cookie-Name"], Is.EqualTo("awx_sessionid"));
        Assert.That(Browser.Cookie("userLoggedIn"), Is.EqualTo("true"));
        var cookie = answer.Headers["Set-Cookie"].Split('\n').Single(line => line.StartsWith("awx_sessionid=", StringComparison.Ordinal));
        Assert.That(cookie, Does.Contain("max-age=1800").And.Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/").And.Not.Contain("secure"));
        var me = await Browser.SendAsync(HttpMethod.Get, "me/");
        Assert.That(me.Column("username"), Is.EqualTo(new[] { "admin" }));
        Assert.That(me.Headers["Session-Timeout"], Is.EqualTo("1800"));
        Assert.That(me.Json["results"]![0]!["last_login"], Is.Not.Null);
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "/odata/Organizations")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Page_CarriesItsTokenInTheForm()
    {
        await Browser.SendAsync(HttpMethod.Get, "/api/login/");

        var answer = await Browser.PostFormAsync(
            "/api/login/", [("username", "admin"), ("password", ApiServer.Password), ("csrfmiddlewaretoken", Browser.Csrf!)]);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(answer.Headers["Location"], Is.EqualTo("/api/"));
    }

    [Test]
    public async Task ManyAtOnce_WithTheRightPassword_AllGetIn()
    {
        using var user = Server.ClientFor(await UserAsync(), "pass");

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => user.GetAsync("me/")));

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("//evil.example/")]
    [TestCase("/\\evil.example/")]
    [TestCase("https://evil.example/")]
    [TestCase("/\r\nSet-Cookie: a=b")]
    [TestCase("javascript:alert(1)")]
    [TestCase("")]
    public async Task Next_NeverLeadsElsewhere(string next) =>
        Assert.That((await Browser.LoginAsync("admin", ApiServer.Password, next)).Headers["Location"], Is.EqualTo("/api/"));

    [TestCase("admin", "wrong")]
    [TestCase("nobody<script>", "wrong")]
    [TestCase("", "")]
    public async Task WrongPassword_ShowsThePageAgain(string username, string password)
    {
        var answer = await Browser.LoginAsync(username, password);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Headers["Content-Type"], Does.StartWith("text/html"));
        Assert.That(answer.Text, Does.Contain("match. Please try again.").And.Not.Contain("<script"));
        Assert.That(Browser.Cookie("awx_sessionid"), Is.Null);
    }

    [Test]
    public async Task LoginWithoutItsToken_IsForbidden()
    {
        (string, string)[] right = [("username", "admin"), ("password", ApiServer.Password)];
        Assert.That((await Browser.PostFormAsync("/api/login/", right)).Text, Does.Contain("CSRF cookie not set."));
        await Browser.SendAsync(HttpMethod.Get, "/api/");
        Assert.That((await Browser.PostFormAsync("/api/login/", right)).Text, Does.Contain("CSRF token missing."));
        var strange = await Browser.PostFormAsync("/api/login/", right, ("X-CSRFToken", Browser.Csrf!), ("Origin", "http://evil.example"));

        Assert.That(strange.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(strange["detail"]!.ToString(), Is.EqualTo("CSRF Failed: Origin checking failed - http://evil.example does not match any trusted origins."));
    }

    [Test]
    public async Task LoginAsJson_IsNotAForm() =>
        Assert.That((await Browser.PostJsonAsync("/api/login/", "{}")).Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));

    [Test]
    public async Task UnsafeRequest_OfASession_NeedsItsToken()
    {
        await Browser.LoginAsync("admin", ApiServer.Password);
        var body = $$"""{"name":"{{Fresh("team")}}","organization":1}""";

        var missing = await Browser.PostJsonAsync("teams/", body);
        var wrong = await Browser.PostJsonAsync("teams/", body, ("X-CSRFToken", new string('0', 64)));
        var strange = await Browser.PostJsonAsync("teams/", body, ("X-CSRFToken", Browser.Csrf!), ("Origin", "https://evil.example"));
        var basic = await Browser.PostJsonAsync("teams/", body, ("Authorization", Basic("admin", ApiServer.Password)));
        var right = await Browser.PostJsonAsync("teams/", body, Browser.CsrfHeaders());

        Assert.That(missing.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(missing["detail"]!.ToString(), Is.EqualTo("CSRF Failed: CSRF token missing."));
        Assert.That(wrong["detail"]!.ToString(), Is.EqualTo("CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect."));
        Assert.That(strange.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(basic.Status, Is.EqualTo(HttpStatusCode.Forbidden), "the session comes before Basic, as in AWX");
        Assert.That(right.Status, Is.EqualTo(HttpStatusCode.Created), right.Text);
        Assert.That((await Browser.SendAsync(HttpMethod.Options, "teams/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Browser.SendAsync(HttpMethod.Post, "/odata/$batch")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task TokenOfAnotherSession_IsWorthNothing()
    {
        using var other = new TestBrowser(Server.Address);
        await other.LoginAsync("admin", ApiServer.Password);
        await Browser.LoginAsync("admin", ApiServer.Password);

        Browser.SetCookie("csrftoken", other.Csrf!);
        var answer = await Browser.PostJsonAsync("teams/", "{}", ("X-CSRFToken", other.Csrf!));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        await Browser.SendAsync(HttpMethod.Get, "/api/");
        Assert.That((await Browser.PostJsonAsync("teams/", "{}", Browser.CsrfHeaders())).Status, Is.EqualTo(HttpStatusCode.BadRequest), "the root mends it");
    }

    [Test]
    public async Task Bearer_ComesBeforeTheSession()
    {
        var name = await UserAsync();
        using var user = Server.ClientFor(name, "pass");
        var token = (await user.PostAsync("tokens/", "{}"))["token"]!.ToString();
        await Browser.LoginAsync("admin", ApiServer.Password);

        var answer = await Browser.SendAsync(HttpMethod.Get, "me/", null, ("Authorization", $"Bearer {token}"));

        Assert.That(answer.Column("username"), Is.EqualTo(new[] { name }));
    }

    [Test]
    public async Task UnknownSession_LeavesBasicItsTurn()
    {
        Browser.SetCookie("awx_sessionid", "unknown");

        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        var basic = await Browser.SendAsync(HttpMethod.Get, "me/", null, ("Authorization", Basic("admin", ApiServer.Password)));
        Assert.That(basic.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("GET")]
    [TestCase("POST")]
    public async Task Logout_EndsTheSession(string method)
    {
        await Browser.LoginAsync("admin", ApiServer.Password);
        var key = Browser.Cookie("awx_sessionid")!;

        var answer = await Browser.SendAsync(HttpMethod.Parse(method), "/api/logout/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(answer.Headers["Location"], Is.EqualTo("/api/"));
        Assert.That(Browser.Cookie("userLoggedIn"), Is.EqualTo("false"));
        Assert.That(Browser.Cookie("awx_sessionid"), Is.Null.Or.Empty);
        Browser.SetCookie("awx_sessionid", key);
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "the server has forgotten it, not the browser alone");
    }

    [Test]
    public async Task OtherPassword_EndsSessions_SaveTheOneInWhichItWasChanged()
    {
        var name = await UserAsync("\"is_superuser\":true");
        using var elsewhere = new TestBrowser(Server.Address);
        await elsewhere.LoginAsync(name, "pass");
        await Browser.LoginAsync(name, "pass");

        var changed = await Browser.SendAsync(
            HttpMethod.Patch, $"users/{name}/", new StringContent("""{"password":"another"}""", null, "application/json"), Browser.CsrfHeaders());

        Assert.That(changed.Status, Is.EqualTo(HttpStatusCode.OK), changed.Text);
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await elsewhere.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));

        await Admin.PatchAsync($"users/{name}/", """{"password":"by the administrator"}""");
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task DeletedUser_HasNoSession()
    {
        var name = await UserAsync();
        await Browser.LoginAsync(name, "pass");

        await Admin.DeleteAsync($"users/{name}/");

        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Session_SlidesWithUse_AndEndsWithoutIt()
    {
        var name = await UserAsync();
        await Browser.LoginAsync(name, "pass");
        await SetExpiryAsync(name, TimeSpan.FromMinutes(5));

        var used = await Browser.SendAsync(HttpMethod.Get, "me/");

        Assert.That(used.Headers["Set-Cookie"], Does.Contain("awx_sessionid="));
        await using (var db = Server.Database.Open())
        {
            var expires = await db.LoginSessions.Where(row => row.User.Username == name).Select(row => row.Expires).SingleAsync();
            Assert.That(expires - DateTime.UtcNow, Is.GreaterThan(TimeSpan.FromMinutes(29)));
        }

        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Headers, Does.Not.ContainKey("Set-Cookie"), "not each request is a write");
        await SetExpiryAsync(name, TimeSpan.FromSeconds(-1));
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task StoredSession_IsADigest()
    {
        await Browser.LoginAsync("admin", ApiServer.Password);

        await using var db = Server.Database.Open();
        Assert.That(await db.LoginSessions.AnyAsync(row => row.KeyDigest == Browser.Cookie("awx_sessionid")), Is.False);
    }

    private async Task SetExpiryAsync(string username, TimeSpan fromNow)
    {
        await using var db = Server.Database.Open();
        await db.LoginSessions.Where(row => row.User.Username == username)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Expires, DateTime.UtcNow + fromNow));
    }

    private async Task<string> UserAsync(string more = "\"email\":\"\"")
    {
        var name = $"u{Guid.NewGuid():N}";
        await Admin.CreateAsync("users/", $$"""{"username":"{{name}}","password":"pass",{{more}}}""");
        return name;
    }

    private static string Basic(string username, string password) =>
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))).ToString();
}
