using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.AwxClients;

/// <summary>What AWX's clients send to get in and out, request by request.</summary>
internal sealed class TokenUseTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task CommandLine_LogsInWithASession_MakesAToken_AndWorksWithIt()
    {
        using var session = new TestBrowser(Server.Address);

        // The form first, whose redirect is followed; then the root with the cookies that came with it.
        var login = await session.LoginAsync("admin", ApiServer.Password);
        Assert.That(login.Headers["X-API-Session-Cookie-Name"], Is.EqualTo("awx_sessionid"));
        Assert.That((await session.SendAsync(HttpMethod.Get, login.Headers["Location"])).Status, Is.EqualTo(HttpStatusCode.OK));
        var root = await session.SendAsync(HttpMethod.Get, "/api/v2/");
        Assert.That(root.Headers, Does.ContainKey("X-API-Product-Version"));

        // Only a 404 of the gateway makes the client ask here.
        var gateway = await session.PostJsonAsync("/api/gateway/v1/tokens/", "{}", session.CsrfHeaders());
        Assert.That(gateway.Status, Is.EqualTo(HttpStatusCode.NotFound));
        var made = await session.PostJsonAsync(
            root["tokens"]!.ToString(), """{"description":"Tower CLI","application":null,"scope":"write"}""", session.CsrfHeaders());
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);

        using var bearer = Server.Client(new AuthenticationHeaderValue("Bearer", made["token"]!.ToString()));
        Assert.That((await bearer.GetAsync("me/")).Column("username"), Is.EqualTo(new[] { "admin" }));
        Assert.That((await bearer.OptionsAsync("tokens/")).Headers["Allow"], Is.EqualTo("GET, POST, HEAD, OPTIONS"));
        var team = await bearer.PostAsync("teams/", $$"""{"name":"{{Fresh("cli")}}","organization":1}""");
        Assert.That(team.Status, Is.EqualTo(HttpStatusCode.Created), team.Text);
        Assert.That((await bearer.DeleteAsync($"teams/{team["id"]}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task Collection_TriesBasic_MakesAToken_AndDeletesItAtTheEnd()
    {
        using var client = new TestBrowser(Server.Address);
        var basic = ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{ApiServer.Password}"))}");
        const string body = """{"description":"Automation Platform Controller Module Token","application":null,"scope":"write"}""";

        Assert.That((await client.SendAsync(HttpMethod.Get, "me/", null, basic)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.PostJsonAsync("/api/gateway/v1/tokens/", body, basic)).Status, Is.EqualTo(HttpStatusCode.NotFound));
        var made = await client.PostJsonAsync("tokens/", body, basic);
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);

        var bearer = ("Authorization", $"Bearer {made["token"]}");
        Assert.That((await client.SendAsync(HttpMethod.Get, "organizations/?name=Default", null, bearer)).Names, Is.EqualTo(new[] { "Default" }));
        Assert.That((await client.SendAsync(HttpMethod.Delete, $"tokens/{made["id"]}/", null, basic)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await client.SendAsync(HttpMethod.Get, "me/", null, bearer)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task CookiesOfABrowser_DoNotDisturbAScriptThatShowsItsToken()
    {
        using var client = new TestBrowser(Server.Address);
        await client.LoginAsync("admin", ApiServer.Password);
        var token = (await Admin.PostAsync("tokens/", "{}"))["token"];

        var answer = await client.PostJsonAsync("teams/", $$"""{"name":"{{Fresh("both")}}","organization":1}""", ("Authorization", $"Bearer {token}"));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), "a header that a strange page can't send needs no further proof");
    }
}
