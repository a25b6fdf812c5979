using System.Net;
using System.Text;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.IntegrationTests.Notifications;

/// <summary>Notification templates over the API, as AWX has those of the type webhook.</summary>
internal sealed class NotificationTemplatesTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Url = "http://127.0.0.1:9/hook";

    [Test]
    public async Task New_IsCompleted_AndTellsNoSecret()
    {
        var made = await PostAsync($$$"""{"url":"{{{Url}}}","headers":{"X-A":"b"},"password":"first secret"}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        Assert.That(made["notification_configuration"]!.ToJsonString(), Is.EqualTo(
            $$$"""{"url":"{{{Url}}}","http_method":"POST","disable_ssl_verification":false,"username":"","password":"$encrypted$","headers":{"X-A":"b"},"secret":""}"""));
        Assert.That((made["notification_type"]!.ToString(), made["messages"]), Is.EqualTo(("webhook", (object?)null)));
        var url = $"/api/v2/notification_templates/{made["id"]}/";
        Assert.That((made["related"]!["test"]!.ToString(), made["related"]!["notifications"]!.ToString(), made["related"]!["organization"]!.ToString()),
            Is.EqualTo((url + "test/", url + "notifications/", "/api/v2/organizations/1/")));
        Assert.That(made["summary_fields"]!["recent_notifications"]!.AsArray(), Is.Empty);
        foreach (var path in new[] { url[8..], "notification_templates/?page_size=200", "activity_stream/?page_size=200", "organizations/1/notification_templates/?page_size=200" })
        {
            Assert.That((await Admin.GetAsync(path)).Text, Does.Not.Contain("first secret"), path);
        }

        await using var db = Server.Database.Open();
        var id = (long)made["id"]!;
        Assert.That(Encoding.UTF8.GetString((await db.NotificationSecrets.AsNoTracking().SingleAsync(secret => secret.TemplateId == id)).Data),
            Does.Not.Contain("first secret"));
    }

    [Test]
    public async Task Secret_IsKept_WhileTheReceiverIsTheSame()
    {
        var made = await PostAsync($$$"""{"url":"{{{Url}}}","headers":{},"password":"first secret","secret":"signing key"}""");
        var (id, path) = ((long)made["id"]!, $"notification_templates/{made["id"]}/");

        var kept = await Admin.PatchAsync(path, Body($$$"""{"url":"{{{Url}}}/other","headers":{},"password":"$encrypted$","secret":"another key"}"""));
        Assert.That(kept.Status, Is.EqualTo(HttpStatusCode.OK), kept.Text);
        Assert.That(await SecretsAsync(id), Is.EquivalentTo(new Dictionary<string, string> { ["password"] = "first secret", ["secret"] = "another key" }));
        var moved = await Admin.PatchAsync(path, Body("""{"url":"http://127.0.0.1:10/hook","headers":{},"password":"$encrypted$"}"""));
        Assert.That(moved.Error("__all__"), Is.EqualTo("Configuration field 'password' was given for another host, and has to be given again."));
        var gone = await Admin.PatchAsync(path, Body($$$"""{"url":"{{{Url}}}","headers":{}}"""));
        Assert.That((gone["notification_configuration"]!["password"]!.ToString(), (await SecretsAsync(id)).Count), Is.EqualTo(("", 0)));
        var none = await Admin.PatchAsync(path, Body($$$"""{"url":"{{{Url}}}","headers":{},"password":"$encrypted$"}"""));
        Assert.That(none.Error("__all__"), Is.EqualTo("Configuration field 'password' has no stored value that could be kept."));
    }

    [TestCase("{}", "Missing required fields for Notification Configuration: ['url', 'headers'].")]
    [TestCase("""{"url":"http://x/","headers":{},"username":5}""", "Configuration field 'username' incorrect type, expected string.")]
    [TestCase("""{"url":"http://x/","headers":[]}""", "Configuration field 'headers' incorrect type, expected object.")]
    [TestCase("""{"url":"http://x/","headers":{},"disable_ssl_verification":"no"}""", "Configuration field 'disable_ssl_verification' incorrect type, expected bool.")]
    [TestCase("""{"url":"http://x/","headers":{},"http_method":"GET"}""", "HTTP method must be either 'POST' or 'PUT'.")]
    [TestCase("""{"url":"http://x/","headers":{},"token":"x"}""", "Configuration field 'token' is not known.")]
    [TestCase("""{"url":"file:///etc/passwd","headers":{}}""", "The url must be one of http or https, such as https://example.org/hook.")]
    [TestCase("""{"url":"http:///x","headers":{}}""", "The url must be one of http or https, such as https://example.org/hook.")]
    [TestCase("""{"url":"http://me:secret@x/","headers":{}}""", "The url must not hold a name or password: everybody who may see the template would see it. There are fields for them.")]
    [TestCase("""{"url":"http://x/","headers":{"X-A":"b\r\nX-C: d"}}""", "The header 'X-A' can't be sent.")]
    [TestCase("""{"url":"http://x/","headers":{"Host":"y"}}""", "The header 'Host' can't be sent.")]
    [TestCase("""{"url":"http://x/","headers":{"a b":"y"}}""", "The header 'a b' can't be sent.")]
    public async Task BadConfiguration_IsRefused(string configuration, string message)
    {
        var answer = await PostAsync(configuration);

        Assert.That((answer.Status, answer.Error("__all__")), Is.EqualTo((HttpStatusCode.BadRequest, message)), answer.Text);
    }

    [Test]
    public async Task OtherTypes_AndMessages_AreRefused()
    {
        var typed = await Admin.PostAsync("notification_templates/", """{"name":"x","organization":1,"notification_type":"slack","notification_configuration":{}}""");
        Assert.That(typed.Error("notification_type"), Is.EqualTo("\"slack\" is not a valid choice."));
        var nothing = await Admin.PostAsync("notification_templates/", "{}");
        Assert.That(nothing.Json.AsObject().Select(error => error.Key),
            Is.EquivalentTo(new[] { "name", "organization", "notification_type", "notification_configuration" }));
        const string body = """{"name":"NAME","organization":1,"notification_type":"webhook","notification_configuration":{"url":"http://x/","headers":{}},"messages":MESSAGES}""";
        var own = await Admin.PostAsync("notification_templates/", body.Replace("NAME", Fresh("n")).Replace("MESSAGES", """{"error":{"body":"{{ job.id }}"}}"""));
        Assert.That(own.Error("messages"), Does.StartWith("Messages of one's own are not supported"));
        var empty = await Admin.PostAsync("notification_templates/", body.Replace("NAME", Fresh("n")).Replace("MESSAGES", """{"error":{"body":"","message":null}}"""));
        Assert.That(empty.Status, Is.EqualTo(HttpStatusCode.Created), empty.Text);
    }

    [Test]
    public async Task Test_IsSent_AndKeepsTheTemplateUntilThen()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var made = await PostAsync($$$"""{"url":"{{{receiver.Url}}}/","headers":{}}""");

        var test = await Admin.PostAsync($"notification_templates/{made["id"]}/test/", "{}");

        Assert.That(test.Status, Is.EqualTo(HttpStatusCode.Accepted), test.Text);
        await Eventually.BeAsync(
            async () => (await Admin.GetAsync($"notifications/{test["notification"]}/"))["status"]!.ToString() == "successful", "the test is sent");
        Assert.That(Encoding.UTF8.GetString(receiver.All.Single().Body), Is.EqualTo($$"""{"body":"Test Notification {{made["id"]}}"}"""));
        Assert.That((await Admin.DeleteAsync($"notification_templates/{made["id"]}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task PendingNotification_KeepsItsTemplate()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => null;
        var made = await PostAsync($$$"""{"url":"{{{receiver.Url}}}/","headers":{}}""");
        await Admin.PostAsync($"notification_templates/{made["id"]}/test/", "{}");

        var refused = await Admin.DeleteAsync($"notification_templates/{made["id"]}/");

        Assert.That((refused.Status, refused["error"]!.ToString()),
            Is.EqualTo((HttpStatusCode.MethodNotAllowed, "Delete not allowed while there are pending notifications")));
    }

    private static string Body(string configuration) => $$"""{"notification_configuration":{{configuration}}}""";

    private Task<ApiAnswer> PostAsync(string configuration) => Admin.PostAsync(
        "notification_templates/", $$"""{"name":"{{Fresh("n")}}","organization":1,"notification_type":"webhook","notification_configuration":{{configuration}}}""");

    private async Task<IReadOnlyDictionary<string, string>> SecretsAsync(long id)
    {
        await using var db = Server.Database.Open();
        return await Server.Services.GetRequiredService<NotificationSecrets>().ReadAsync(db, id, CancellationToken.None);
    }
}
