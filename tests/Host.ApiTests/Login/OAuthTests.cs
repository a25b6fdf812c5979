using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.Login;

/// <summary>Applications, and the tokens that they get at <c>/api/o/</c>.</summary>
internal sealed class OAuthTests(DatabaseKind kind) : BrowserFixture(kind)
{
    [Test]
    public async Task Root_ListsWhatThereIs()
    {
        var root = await Browser.SendAsync(HttpMethod.Get, "/api/o/");

        Assert.That(root.Json.AsObject().Select(pair => pair.Key), Is.EqualTo(new[] { "token", "revoke_token" }));
        Assert.That((await Browser.SendAsync(HttpMethod.Get, "/api/o/authorize/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Application_ShowsItsSecretOnce()
    {
        var made = await ApplicationAsync();

        Assert.That(made["client_id"]!.ToString(), Is.Not.Empty);
        Assert.That(made["client_secret"]!.ToString(), Has.Length.EqualTo(43));
        var shown = await Admin.GetAsync($"applications/{made["id"]}/");
        Assert.That(shown["client_secret"]!.ToString(), Is.EqualTo("************"));
        Assert.That(shown["client_id"]!.ToString(), Is.EqualTo(made["client_id"]!.ToString()));
        Assert.That(shown["type"]!.ToString(), Is.EqualTo("o_auth2_application"));
        Assert.That(shown["related"]!["tokens"]!.ToString(), Is.EqualTo($"/api/v2/applications/{made["id"]}/tokens/"));
    }

    [Test]
    public async Task Password_GivesATokenThatCanBeRenewedOnce()
    {
        var application = await ApplicationAsync();

        var given = await PasswordAsync(application, "write");

        Assert.That(given.Status, Is.EqualTo(HttpStatusCode.OK), given.Text);
        Assert.That(given["token_type"]!.ToString(), Is.EqualTo("Bearer"));
        Assert.That((long)given["expires_in"]!, Is.EqualTo(31_536_000_000));
        Assert.That(given["scope"]!.ToString(), Is.EqualTo("write"));
        Assert.That(await StatusAsync(given), Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Admin.GetAsync("users/1/authorized_tokens/")).Column("refresh_token"), Has.Some.EqualTo("************"));
        Assert.That((await Admin.GetAsync("users/1/personal_tokens/")).Column("application"), Is.Empty.Or.All.Empty);

        var renewed = await RefreshAsync(application, given["refresh_token"]!.ToString());

        Assert.That(renewed.Status, Is.EqualTo(HttpStatusCode.OK), renewed.Text);
        Assert.That(await StatusAsync(renewed), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(given), Is.EqualTo(HttpStatusCode.Unauthorized));
        var again = await RefreshAsync(application, given["refresh_token"]!.ToString());
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(again["error"]!.ToString(), Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task ManyRenewals_OfOneToken_OneIsFirst()
    {
        var application = await ApplicationAsync();
        var given = await PasswordAsync(application, "read");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RefreshAsync(application, given["refresh_token"]!.ToString())));

        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.EqualTo(1));
    }

    [Test]
    public async Task ExpiredRefreshToken_IsForbidden()
    {
        var application = await ApplicationAsync();
        var given = await PasswordAsync(application, "read");
        await using (var db = Server.Database.Open())
        {
            await db.AccessTokens.Where(row => row.ApplicationId == (long)application["id"]!)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RefreshExpires, DateTime.UtcNow.AddSeconds(-1)));
        }

        var answer = await RefreshAsync(application, given["refresh_token"]!.ToString());

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(answer.Text, Does.Contain("The refresh token has expired."));
    }

    [TestCase("access_token")]
    [TestCase("refresh_token")]
    public async Task RevokedToken_IsGone(string which)
    {
        var application = await ApplicationAsync();
        var given = await PasswordAsync(application, "read");

        var answer = await Browser.PostFormAsync("/api/o/revoke_token/", [("token", given[which]!.ToString())], Basic(application));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(given), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await RefreshAsync(application, given["refresh_token"]!.ToString())).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await Browser.PostFormAsync("/api/o/revoke_token/", [("token", "unknown")], Basic(application))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task PublicApplication_NeedsNoSecret_AndHasNone()
    {
        var application = await ApplicationAsync("public");

        var given = await Browser.PostFormAsync(
            "/api/o/token/",
            [("grant_type", "password"), ("client_id", application["client_id"]!.ToString()), ("username", "admin"), ("password", ApiServer.Password)]);

        Assert.That(application["client_secret"], Is.Null);
        Assert.That(given.Status, Is.EqualTo(HttpStatusCode.OK), given.Text);
        Assert.That(given["scope"]!.ToString(), Is.EqualTo("read write"));
    }

    [Test]
    public async Task BadGrants_AreToldInTheWordsOfTheStandard()
    {
        var application = await ApplicationAsync();
        (string, string)[] right = [("grant_type", "password"), ("username", "admin"), ("password", ApiServer.Password)];

        var cases = new (string Error, HttpStatusCode Status, Task<ApiAnswer> Answer)[]
        {
            ("invalid_client", HttpStatusCode.Unauthorized, Browser.PostFormAsync("/api/o/token/", right)),
            ("invalid_client", HttpStatusCode.Unauthorized, Browser.PostFormAsync("/api/o/token/", right, Header(application["client_id"]!.ToString(), "wrong"))),
            ("invalid_client", HttpStatusCode.Unauthorized, Browser.PostFormAsync("/api/o/token/", right, Header("\0", "wrong"))),
            ("unsupported_grant_type", HttpStatusCode.BadRequest, Browser.PostFormAsync("/api/o/token/", [("grant_type", "magic")], Basic(application))),
            ("unsupported_grant_type", HttpStatusCode.BadRequest, Browser.PostFormAsync("/api/o/token/", [("grant_type", "authorization_code")], Basic(application))),
            ("invalid_scope", HttpStatusCode.BadRequest, Browser.PostFormAsync("/api/o/token/", [.. right, ("scope", "all")], Basic(application))),
            ("invalid_grant", HttpStatusCode.BadRequest, Browser.PostFormAsync("/api/o/token/", [("grant_type", "password"), ("username", "admin"), ("password", "no")], Basic(application))),
            ("invalid_grant", HttpStatusCode.BadRequest, RefreshAsync(application, "unknown")),
        };
        foreach (var (error, status, pending) in cases)
        {
            var answer = await pending;
            Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
            Assert.That(answer["error"]!.ToString(), Is.EqualTo(error));
        }

        Assert.That((await Browser.PostJsonAsync("/api/o/token/", "{}", Basic(application))).Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task ReadToken_CanNotBeRenewedToWrite()
    {
        var application = await ApplicationAsync();
        var given = await PasswordAsync(application, "read");

        var answer = await Browser.PostFormAsync(
            "/api/o/token/",
            [("grant_type", "refresh_token"), ("refresh_token", given["refresh_token"]!.ToString()), ("scope", "write")],
            Basic(application));

        Assert.That(answer["error"]!.ToString(), Is.EqualTo("invalid_scope"));
    }

    [Test]
    public async Task TokenOfAnApplication_IsMadeInItsListToo()
    {
        var application = await ApplicationAsync();

        var made = await Admin.PostAsync($"applications/{application["id"]}/tokens/", """{"scope":"read"}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That(made["refresh_token"]!.ToString(), Has.Length.EqualTo(43));
        Assert.That(made["summary_fields"]!["application"]!["name"]!.ToString(), Is.EqualTo(application["name"]!.ToString()));
        Assert.That((await Admin.PostAsync("users/1/authorized_tokens/", "{}")).Error("application"), Is.EqualTo("This field is required."));
        var personal = await Admin.PostAsync("users/1/personal_tokens/", $$"""{"application":{{application["id"]}}}""");
        Assert.That(personal["application"], Is.Null, "a personal token has none");
    }

    private async Task<ApiAnswer> ApplicationAsync(string clientType = "confidential")
    {
        var made = await Admin.PostAsync(
            "applications/",
            $$"""{"name":"{{Fresh("app")}}","organization":1,"client_type":"{{clientType}}","authorization_grant_type":"password"}""");
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        return made;
    }

    private Task<ApiAnswer> PasswordAsync(ApiAnswer application, string scope) => Browser.PostFormAsync(
        "/api/o/token/",
        [("grant_type", "password"), ("username", "admin"), ("password", ApiServer.Password), ("scope", scope)],
        Basic(application));

    private Task<ApiAnswer> RefreshAsync(ApiAnswer application, string refreshToken) => Browser.PostFormAsync(
        "/api/o/token/", [("grant_type", "refresh_token"), ("refresh_token", refreshToken)], Basic(application));

    private async Task<HttpStatusCode> StatusAsync(ApiAnswer given)
    {
        using var bearer = Server.Client(new AuthenticationHeaderValue("Bearer", given["access_token"]!.ToString()));
        return (await bearer.GetAsync("me/")).Status;
    }

    private static (string, string) Basic(ApiAnswer application) => Header(application["client_id"]!.ToString(), application["client_secret"]!.ToString());

    private static (string, string) Header(string id, string secret) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))}");
}
