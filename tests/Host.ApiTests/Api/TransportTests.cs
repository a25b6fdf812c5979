using System.Net;
using System.Net.Http.Headers;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

internal sealed class TransportTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Challenge = "Bearer realm=api authorization_url=/api/o/authorize/";

    [Test]
    public async Task Anonymous_IsAskedToLogIn_AndNeverByTheBrowsersWindow()
    {
        using var anonymous = Server.Client(null);

        var answer = await anonymous.GetAsync("users/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            answer["detail"]!.ToString(),
            Is.EqualTo("Authentication credentials were not provided. To establish a login session, visit /api/login/."));
        Assert.That(answer.Headers["WWW-Authenticate"], Is.EqualTo(Challenge));
        Assert.That(answer.Headers, Does.Not.ContainKey("X-API-Product-Version"));
    }

    [TestCase("admin", "wrong")]
    [TestCase("nobody", ApiServer.Password)]
    [TestCase("", "")]
    [TestCase("admin\0", ApiServer.Password)]
    public async Task WrongCredentials_AreRefused(string username, string password)
    {
        using var client = Server.ClientFor(username, password);

        var answer = await client.GetAsync("me/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer["detail"]!.ToString(), Is.EqualTo("Invalid username/password."));
    }

    [TestCase("Basic", "!!!")]
    [TestCase("Basic", "/w==")]
    [TestCase("Bearer", "0000")]
    public async Task BrokenAuthorization_IsRefused(string scheme, string value)
    {
        using var client = Server.Client(new AuthenticationHeaderValue(scheme, value));

        var answer = await client.GetAsync("ping/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task LocalToken_IsTheAdministrator_AndOnlyItsOwnerCanReadIt()
    {
        var path = Path.Combine(Server.Database.DataPath, "token");
        using var client = Server.Client(new AuthenticationHeaderValue("Bearer", await File.ReadAllTextAsync(path)));

        var answer = await client.GetAsync("me/");

        Assert.That(answer.Column("username"), Is.EqualTo(new[] { "admin" }));
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task ChangedPassword_HoldsAtOnce()
    {
        await Admin.CreateAsync("users/", """{"username":"turncoat","password":"one","is_superuser":true}""");
        using var old = Server.ClientFor("turncoat", "one");
        Assert.That((await old.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.OK));

        await Admin.PatchAsync("users/turncoat/", """{"password":"two"}""");

        using var changed = Server.ClientFor("turncoat", "two");
        Assert.That((await old.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await changed.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task EveryAnswer_CarriesTheHeadersThatClientsRead()
    {
        var answer = await Admin.GetAsync("instance_groups/");

        Assert.That(answer.Headers["X-API-Product-Name"], Is.EqualTo("AWX"));
        Assert.That(answer.Headers["X-API-Node"], Is.EqualTo(ApiServer.Hostname));
        Assert.That(answer.Headers["X-API-Time"], Does.Match(@"^\d+\.\d{3}s$"));
        Assert.That(answer.Headers["X-API-Product-Version"], Is.Not.Empty);
        Assert.That(answer.Headers["Allow"], Is.EqualTo("GET, POST, HEAD, OPTIONS"));
        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("application/json"));
    }

    [TestCase("/api/v2/instance_groups")]
    [TestCase("/api/v2/instance_groups/")]
    [TestCase("/api/v2/instance_groups/1")]
    [TestCase("/api/v2/instance_groups/default/instances")]
    public async Task TrailingSlash_IsOptional(string path) =>
        Assert.That((await Admin.GetAsync(path)).Status, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("/api/v2/nothing/")]
    [TestCase("/api/gateway/v1/tokens/")]
    [TestCase("/api/v2/instance_groups/1/nothing/")]
    public async Task UnknownUrl_IsNotFound(string path)
    {
        var answer = await Admin.PostAsync(path, "{}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(answer["detail"]!.ToString(), Is.EqualTo("The requested resource could not be found."));
    }

    [Test]
    public async Task OtherMethod_IsNotAllowed()
    {
        var answer = await Admin.DeleteAsync("instances/1/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(answer["detail"]!.ToString(), Is.EqualTo("Method \"DELETE\" not allowed."));
        Assert.That(answer.Headers["Allow"], Is.EqualTo("GET, PUT, PATCH, HEAD, OPTIONS"));
    }

    [Test]
    public async Task OtherContentType_IsUnsupported()
    {
        var answer = await Admin.SendAsync(HttpMethod.Post, "teams/", "name: x"u8.ToArray(), "text/plain");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That(answer["detail"]!.ToString(), Does.StartWith("Unsupported media type \"text/plain\" in request."));
    }

    [Test]
    public async Task Head_IsAGetWithoutBody()
    {
        var answer = await Admin.SendAsync(HttpMethod.Head, "me/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Text, Is.Empty);
    }

    [Test]
    public async Task Roots_AreOpen_AndListOnlyWhatExists()
    {
        using var anonymous = Server.Client(null);

        var versions = await anonymous.GetAsync("/api/");
        var root = await anonymous.GetAsync("/api/v2/");
        var ping = await anonymous.GetAsync("ping/");

        Assert.That(versions["current_version"]!.ToString(), Is.EqualTo("/api/v2/"));
        foreach (var (key, url) in root.Json.AsObject())
        {
            Assert.That((await Admin.GetAsync(url!.ToString())).Status, Is.EqualTo(HttpStatusCode.OK), key);
        }

        Assert.That(ping["active_node"]!.ToString(), Is.EqualTo(ApiServer.Hostname));
        Assert.That(ping["instance_groups"]![0]!["instances"]![0]!.ToString(), Is.EqualTo(ApiServer.Hostname));
    }

    [Test]
    public async Task UserWithoutRights_SeesHimselfAndWhomToTurnTo_AndChangesNothing()
    {
        await Admin.CreateAsync("users/", """{"username":"guest","password":"guest"}""");
        using var guest = Server.ClientFor("guest", "guest");

        Assert.That((await guest.GetAsync("me/")).Column("username"), Is.EqualTo(new[] { "guest" }));
        Assert.That((await guest.GetAsync("users/?is_superuser=false")).Column("username"), Is.EqualTo(new[] { "guest" }));
        Assert.That((string)(await guest.GetAsync("instance_groups/"))["count"]!.ToString(), Is.EqualTo("0"));
        Assert.That((await guest.GetAsync("instance_groups/1/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await guest.GetAsync("instance_groups/default/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await guest.GetAsync("instance_groups/99999/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        var post = await guest.PostAsync("teams/", "{}");
        Assert.That(post.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(post["detail"]!.ToString(), Is.EqualTo("You do not have permission to perform this action."));
    }

    [Test]
    public async Task Auditor_SeesEverything_AndChangesNothing()
    {
        await Admin.CreateAsync("users/", """{"username":"auditor","password":"x","is_system_auditor":true}""");
        using var auditor = Server.ClientFor("auditor", "x");

        Assert.That((await auditor.GetAsync("instance_groups/1/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await auditor.DeleteAsync("users/1/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await auditor.OptionsAsync("teams/"))["actions"]!.AsObject().Select(pair => pair.Key), Is.EqualTo(new[] { "GET" }));
    }

    [Test]
    public async Task Plugins_AreListedWithWhatTheyGive()
    {
        var answer = await Admin.GetAsync("plugins/");

        Assert.That(answer.Column("status"), Is.EqualTo(new[] { "active" }));
    }
}
