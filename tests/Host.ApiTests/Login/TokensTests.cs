using System.Net;
using System.Net.Http.Headers;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.Login;

/// <summary>Personal tokens: how they are made, what they open, how they end.</summary>
internal sealed class TokensTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Masked = "************";

    [TestCase("tokens/")]
    [TestCase("users/admin/tokens/")]
    [TestCase("users/1/personal_tokens/")]
    public async Task Token_IsShownOnce_AndStandsForItsUser(string path)
    {
        var made = await Admin.PostAsync(path, """{"description":"mine","user":99,"token":"given"}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That(made.Headers["Location"], Is.EqualTo($"/api/v2/tokens/{made["id"]}/"));
        Assert.That(made["type"]!.ToString(), Is.EqualTo("o_auth2_access_token"));
        Assert.That(made["token"]!.ToString(), Has.Length.EqualTo(43));
        Assert.That(made["refresh_token"], Is.Null);
        Assert.That(made["application"], Is.Null);
        Assert.That((long)made["user"]!, Is.EqualTo(1));
        Assert.That(made["scope"]!.ToString(), Is.EqualTo("write"));
        Assert.That((DateTime)made["expires"]! - DateTime.UtcNow, Is.GreaterThan(TimeSpan.FromDays(364_999)));
        Assert.That(made["related"]!["user"]!.ToString(), Is.EqualTo("/api/v2/users/1/"));
        Assert.That(made["summary_fields"]!["user"]!["username"]!.ToString(), Is.EqualTo("admin"));
        using var bearer = Bearer(made);
        Assert.That((await bearer.GetAsync("me/")).Column("username"), Is.EqualTo(new[] { "admin" }));
        var shown = await Admin.GetAsync($"tokens/{made["id"]}/");
        Assert.That(shown["token"]!.ToString(), Is.EqualTo(Masked));
        Assert.That((await Admin.GetAsync(path)).Column("token"), Is.All.EqualTo(Masked));
    }

    [Test]
    public async Task StoredToken_IsADigest()
    {
        var made = await Admin.PostAsync("tokens/", "{}");

        await using var db = Server.Database.Open();
        var row = await db.AccessTokens.SingleAsync(token => token.Id == (long)made["id"]!);
        Assert.That(row.TokenDigest, Has.Length.EqualTo(64).And.Not.EqualTo(made["token"]!.ToString()));
        Assert.That(row.Token, Is.Null);
    }

    [TestCase("delete")]
    [TestCase("read delete")]
    [TestCase("read read")]
    [TestCase("READ")]
    public async Task OtherScope_IsRefused(string scope)
    {
        var answer = await Admin.PostAsync("tokens/", $$"""{"scope":"{{scope}}"}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error("scope"), Is.EqualTo("Must be a simple space-separated string with allowed scopes ['read', 'write']."));
    }

    [Test]
    public async Task BlankScope_IsRefused() =>
        Assert.That((await Admin.PostAsync("tokens/", """{"scope":""}""")).Error("scope"), Is.EqualTo("This field may not be blank."));

    [TestCase("read", HttpStatusCode.Forbidden)]
    [TestCase("write", HttpStatusCode.Created)]
    [TestCase("read write", HttpStatusCode.Created)]
    [TestCase("write read", HttpStatusCode.Created)]
    public async Task Scope_DecidesWhetherATokenChangesAnything(string scope, HttpStatusCode expected)
    {
        using var bearer = Bearer(await Admin.PostAsync("tokens/", $$"""{"scope":"{{scope}}"}"""));

        Assert.That((await bearer.GetAsync("teams/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await bearer.SendAsync(HttpMethod.Head, "teams/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await bearer.OptionsAsync("teams/"))["actions"]!.AsObject().ContainsKey("POST"), Is.EqualTo(expected == HttpStatusCode.Created));
        var answer = await bearer.PostAsync("teams/", $$"""{"name":"{{Fresh("team")}}","organization":1}""");
        Assert.That(answer.Status, Is.EqualTo(expected), answer.Text);
        if (expected == HttpStatusCode.Forbidden)
        {
            Assert.That(answer["detail"]!.ToString(), Is.EqualTo("You do not have permission to perform this action."));
            Assert.That((await bearer.PostAsync("tokens/", "{}")).Status, Is.EqualTo(HttpStatusCode.Forbidden), "no way to a token that may write");
            Assert.That((await bearer.PatchAsync("users/1/", """{"email":"a@b.example"}""")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That((await bearer.DeleteAsync("teams/1/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That((await bearer.PutAsync("teams/1/", "{}")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        }
    }

    [TestCase("read", HttpStatusCode.OK)]
    [TestCase("write", HttpStatusCode.OK)]
    public async Task Token_OpensODataToo(string scope, HttpStatusCode expected)
    {
        using var bearer = Bearer(await Admin.PostAsync("tokens/", $$"""{"scope":"{{scope}}"}"""));

        Assert.That((await bearer.GetAsync("/odata/Organizations")).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task ExpiredToken_OpensNothing()
    {
        var made = await Admin.PostAsync("tokens/", "{}");
        await using (var db = Server.Database.Open())
        {
            await db.AccessTokens.Where(row => row.Id == (long)made["id"]!)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Expires, DateTime.UtcNow.AddSeconds(-1)));
        }

        using var bearer = Bearer(made);
        var answer = await bearer.GetAsync("me/");
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Headers["WWW-Authenticate"], Does.StartWith("Bearer "));
        Assert.That((await bearer.GetAsync("/odata/Organizations")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Token_CanBeDescribedNarrowedAndDeleted()
    {
        var made = await Admin.PostAsync("tokens/", "{}");
        var url = $"tokens/{made["id"]}/";
        using var bearer = Bearer(made);

        var put = await Admin.PutAsync(url, """{"description":"for reports","scope":"read","token":"x","expires":"2000-01-01T00:00:00Z","user":2}""");

        Assert.That(put.Status, Is.EqualTo(HttpStatusCode.OK), put.Text);
        Assert.That(put["description"]!.ToString(), Is.EqualTo("for reports"));
        Assert.That(put["expires"]!.ToString(), Is.EqualTo(made["expires"]!.ToString()));
        Assert.That((await bearer.PostAsync("teams/", "{}")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Admin.PatchAsync(url, """{"scope":"all"}""")).Error("scope"), Does.StartWith("Must be"));
        Assert.That((await Admin.DeleteAsync(url)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await bearer.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task UserWithoutRights_MakesAndSeesHisOwnTokensOnly()
    {
        var name = await UserAsync();
        using var user = Server.ClientFor(name, "pass");
        var others = await Admin.PostAsync("tokens/", "{}");

        var made = await user.PostAsync("tokens/", """{"description":"of a user"}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That((await user.GetAsync("tokens/")).Column("description"), Is.EqualTo(new[] { "of a user" }));
        Assert.That((await user.OptionsAsync("tokens/"))["actions"]!["POST"]!["scope"]!["default"]!.ToString(), Is.EqualTo("write"));
        Assert.That((await user.GetAsync($"tokens/{others["id"]}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await user.DeleteAsync($"tokens/{others["id"]}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await user.PostAsync("users/admin/tokens/", "{}")).Status, Is.Not.EqualTo(HttpStatusCode.Created));
        Assert.That((await Admin.PostAsync($"users/{name}/tokens/", "{}")).Status, Is.EqualTo(HttpStatusCode.Forbidden), "not even the administrator acts as somebody else");
        Assert.That((await user.PatchAsync($"tokens/{made["id"]}/", """{"scope":"read"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Admin.DeleteAsync($"tokens/{made["id"]}/")).Status, Is.EqualTo(HttpStatusCode.NoContent), "an administrator takes it away");
    }

    [Test]
    public async Task Auditor_SeesTokens_AndCanNotTouchThem()
    {
        var name = await UserAsync("\"is_system_auditor\":true");
        using var auditor = Server.ClientFor(name, "pass");
        var others = await Admin.PostAsync("tokens/", "{}");
        var url = $"tokens/{others["id"]}/";

        Assert.That((await auditor.GetAsync(url))["token"]!.ToString(), Is.EqualTo(Masked));
        Assert.That((await auditor.PatchAsync(url, """{"scope":"read"}""")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await auditor.DeleteAsync(url)).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task OtherPassword_LeavesTokens_DeletedUserTakesThemAlong()
    {
        var name = await UserAsync();
        using var user = Server.ClientFor(name, "pass");
        using var bearer = Bearer(await user.PostAsync("tokens/", "{}"));

        await Admin.PatchAsync($"users/{name}/", """{"password":"another"}""");
        Assert.That((await bearer.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.OK));

        Assert.That((await Admin.DeleteAsync($"users/{name}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await bearer.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("?token=x")]
    [TestCase("?token__startswith=a")]
    [TestCase("?order_by=token")]
    [TestCase("?token_digest=x")]
    [TestCase("?user__password=x")]
    public async Task Token_CanNotBeAskedAbout(string query) =>
        Assert.That((int)(await Admin.GetAsync("tokens/" + query)).Status, Is.EqualTo(400).Or.EqualTo(403));

    [Test]
    public async Task GatewaysTokens_AreNotHere_SoThatClientsFallBack()
    {
        using var anonymous = Server.Client(null);

        Assert.That((await anonymous.PostAsync("/api/gateway/v1/tokens/", "{}")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task<string> UserAsync(string more = "\"email\":\"\"")
    {
        var name = $"u{Guid.NewGuid():N}";
        await Admin.CreateAsync("users/", $$"""{"username":"{{name}}","password":"pass",{{more}}}""");
        return name;
    }

    private ApiClient Bearer(ApiAnswer made) => Server.Client(new AuthenticationHeaderValue("Bearer", made["token"]!.ToString()));
}
