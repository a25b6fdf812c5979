using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.IntegrationTests.Activity;

/// <summary>Who changed what, as the API tells it.</summary>
internal sealed class ActivityStreamTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task Creation_Change_AndDeletion_AreTold_WithWhoAndWhat()
    {
        var name = Fresh("o");
        var id = await Admin.CreateAsync("organizations/", $$"""{"name":"{{name}}"}""");
        await Admin.PatchAsync($"organizations/{id}/", """{"description":"new","max_hosts":5}""");
        var own = (await Admin.GetAsync($"organizations/{id}/activity_stream/"))["results"]!.AsArray();
        await Admin.DeleteAsync($"organizations/{id}/");

        Assert.That(own.Select(entry => (string)entry!["operation"]!), Is.EqualTo(new[] { "create", "update" }));
        Assert.That((string?)own[0]!["changes"]!["name"], Is.EqualTo(name));
        Assert.That(own[1]!["changes"]!.ToJsonString(), Is.EqualTo("""{"description":["","new"],"max_hosts":[0,5]}"""));
        Assert.That((string?)own[1]!["summary_fields"]!["actor"]!["username"], Is.EqualTo("admin"));
        Assert.That((string?)own[1]!["summary_fields"]!["organization"]![0]!["name"], Is.EqualTo(name));
        Assert.That((string?)own[1]!["related"]!["organization"]![0], Is.EqualTo($"/api/v2/organizations/{id}/"));
        Assert.That(((string?)own[1]!["object1"], (string?)own[1]!["object2"], (string?)own[1]!["action_node"]), Is.EqualTo(("organization", "", ApiServer.Hostname)));
        var gone = (await LastAsync("object1=organization"))!;
        Assert.That(((string?)gone["operation"], (string?)gone["changes"]!["name"]), Is.EqualTo(("delete", name)));
        Assert.That(gone["related"]!.AsObject().ContainsKey("organization"), Is.False);
    }

    [Test]
    public async Task WhatChangesNothing_OrIsRefused_IsNotTold()
    {
        var id = await Admin.CreateAsync("organizations/", $$"""{"name":"{{Fresh("o")}}","description":"x"}""");

        await Admin.PatchAsync($"organizations/{id}/", """{"description":"x"}""");
        await Admin.PatchAsync($"organizations/{id}/", """{"name":"Default"}""");

        Assert.That(await OperationsAsync($"organizations/{id}"), Is.EqualTo(new[] { "create" }));
    }

    [Test]
    public async Task Lists_AreTold_OnceForWhatReallyHappened()
    {
        var template = await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["true"]}""");
        var label = await Admin.CreateAsync("labels/", $$"""{"name":"{{Fresh("l")}}","organization":1}""");
        for (var i = 0; i < 2; i++)
        {
            await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{label}}}""");
        }

        var told = (await Admin.GetAsync($"labels/{label}/activity_stream/?operation=associate"))["results"]!.AsArray();
        await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{label}},"disassociate":true}""");

        Assert.That(told, Has.Count.EqualTo(1));
        Assert.That(
            ((string?)told[0]!["object1"], (string?)told[0]!["object2"], (string?)told[0]!["object_association"], (string?)told[0]!["object_type"]),
            Is.EqualTo(("job_template", "label", "labels", "job_template")));
        Assert.That(((long)told[0]!["changes"]!["object1_pk"]!, (long)told[0]!["changes"]!["object2_pk"]!), Is.EqualTo((template, label)));
        Assert.That(await OperationsAsync($"job_templates/{template}"), Is.EqualTo(new[] { "create", "associate", "disassociate" }));
    }

    [Test]
    public async Task Role_IsToldAtItsHolder_AndAtItsObject()
    {
        var user = await UserAsync();
        var organization = await Admin.CreateAsync("organizations/", $$"""{"name":"{{Fresh("o")}}"}""");
        var role = (await Admin.GetAsync($"organizations/{organization}/"))["summary_fields"]!["object_roles"]!["auditor_role"]!["id"]!;
        await Admin.PostAsync($"roles/{role}/users/", $$"""{"id":{{user}}}""");

        foreach (var holder in (string[])[$"users/{user}", $"organizations/{organization}"])
        {
            var told = (await Admin.GetAsync($"{holder}/activity_stream/?operation=associate"))["results"]!.AsArray().Single()!;
            Assert.That(
                ((string?)told["object1"], (string?)told["object2"], (string?)told["object_association"], (string?)told["changes"]!["role"]),
                Is.EqualTo(("user", "organization", "role", "auditor_role")));
        }
    }

    [Test]
    public async Task Secrets_AreToldAsHidden()
    {
        const string secret = "sesame-secret-1";
        var user = await UserAsync(secret);
        await Admin.PatchAsync($"users/{user}/", $$"""{"password":"{{secret}}2"}""");
        await Admin.PatchAsync($"users/{user}/", """{"password":"$encrypted$"}""");
        var type = await Admin.CreateAsync("credential_types/", $$$"""{"name":"{{{Fresh("c")}}}","kind":"cloud","inputs":{"fields":[{"id":"key","label":"k","secret":true}]}}""");
        var credential = await Admin.CreateAsync("credentials/", $$$"""{"name":"{{{Fresh("c")}}}","organization":1,"credential_type":{{{type}}},"inputs":{"key":"{{{secret}}}"}}""");
        await Admin.PatchAsync($"credentials/{credential}/", $$$"""{"inputs":{"key":"{{{secret}}}3"}}""");
        var template = await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["true"],"host_config_key":"{{secret}}"}""");
        var token = await Admin.PostAsync("tokens/", """{"description":"for scripts"}""");

        Assert.That((await Admin.GetAsync($"users/{user}/activity_stream/?operation=update"))["results"]!.AsArray().Single()!["changes"]!.ToJsonString(), Is.EqualTo("""{"password":["$encrypted$","$encrypted$"]}"""));
        Assert.That((await Admin.GetAsync($"credentials/{credential}/activity_stream/?operation=update"))["results"]!.AsArray().Single()!["changes"]!["inputs"]!.ToJsonString(), Does.Contain("$encrypted$"));
        Assert.That((string?)(await Admin.GetAsync($"job_templates/{template}/activity_stream/"))["results"]![0]!["changes"]!["host_config_key"], Is.EqualTo("$encrypted$"));
        Assert.That((string?)(await Admin.GetAsync($"tokens/{token["id"]}/activity_stream/"))["results"]![0]!["changes"]!["description"], Is.EqualTo("for scripts"));
        await using var db = Server.Database.Open();
        var all = string.Join('\n', await db.ActivityStream.Select(entry => entry.Changes + entry.ObjectName).ToListAsync());
        Assert.That(all, Does.Not.Contain("sesame").And.Not.Contain((string)token["token"]!));
    }

    [Test]
    public async Task Launch_IsTold_AndWhatBecomesOfTheJobIsNot()
    {
        var group = await Admin.CreateAsync("instance_groups/", $$"""{"name":"{{Fresh("g")}}","execution_backend":"fake"}""");
        var template = await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["true"]}""");
        await Admin.PostAsync($"job_templates/{template}/instance_groups/", $$"""{"id":{{group}}}""");
        var launch = await Admin.PostAsync($"job_templates/{template}/launch/", "{}");

        await Admin.PostAsync($"jobs/{launch["id"]}/cancel/", "{}");
        var told = (await Admin.GetAsync($"jobs/{launch["id"]}/activity_stream/"))["results"]!.AsArray().Single()!;

        Assert.That(((string?)told["operation"], (long)told["changes"]!["job_template"]!), Is.EqualTo(("create", template)));
        Assert.That((string?)told["summary_fields"]!["actor"]!["username"], Is.EqualTo("admin"));
    }

    [Test]
    public async Task Variables_AreToldHoweverTheyAreSet()
    {
        var inventory = await Admin.CreateAsync("inventories/", $$"""{"name":"{{Fresh("i")}}","organization":1,"variables":"a: 1"}""");

        await Admin.PutAsync($"inventories/{inventory}/variable_data/", """{"a":2}""");

        var told = (await Admin.GetAsync($"inventories/{inventory}/activity_stream/?operation=update"))["results"]!.AsArray().Single()!;
        Assert.That(told["changes"]!.ToJsonString(), Is.EqualTo("""{"variables":["a: 1","{\u0022a\u0022:2}"]}"""));
    }

    [Test]
    public async Task Actor_WhoIsGone_IsStillNamed()
    {
        var name = Guid.NewGuid().ToString("N");
        var user = await Admin.CreateAsync("users/", $$"""{"username":"{{name}}","password":"pass word 1","is_superuser":true}""");
        using var client = Server.ClientFor(name, "pass word 1");
        var label = await client.CreateAsync("labels/", $$"""{"name":"{{Fresh("l")}}","organization":1}""");
        Assert.That(await ActorsAsync(name), Is.EqualTo(new[] { $"{label}" }));

        await Admin.DeleteAsync($"users/{user}/");

        var told = (await Admin.GetAsync($"labels/{label}/activity_stream/"))["results"]![0]!;
        Assert.That((told["summary_fields"]!["actor"]!["id"], (string?)told["summary_fields"]!["actor"]!["username"]), Is.EqualTo(((JsonNode?)null, name)));
        Assert.That((string?)(await Admin.GetAsync($"/odata/ActivityStream?$filter=Object1 eq 'label' and Object1Id eq {label}"))["value"]![0]!["Actor"], Is.EqualTo(name));
    }

    [Test]
    public async Task LongText_IsToldByItsBeginning()
    {
        var text = new string('x', 20_000);
        var id = await Admin.CreateAsync("organizations/", $$"""{"name":"{{Fresh("o")}}","description":"{{text}}"}""");

        var told = (await Admin.GetAsync($"organizations/{id}/activity_stream/"))["results"]![0]!;

        Assert.That((string?)told["changes"]!["description"], Has.Length.EqualTo(8193).And.EndsWith("x…"));
    }

    [Test]
    public async Task Old_Goes()
    {
        var entry = new ActivityEntry { Operation = "create", Object1 = "label", Object1Id = 987654, Timestamp = DateTime.UtcNow.AddDays(-400) };
        await Server.InsertAsync(entry);
        using var retention = new ActivityRetention(
            Server.Services.GetRequiredService<IDbContextFactory<AppDb>>(), Options.Create(new RetentionOptions()), TimeProvider.System,
            NullLogger<ActivityRetention>.Instance);

        Assert.That(await retention.DeleteDueAsync(default), Is.EqualTo(1));
        Assert.That((await Admin.GetAsync($"activity_stream/{entry.Id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task EveryKind_ThatIsRecorded_HasARuleForWhoSeesIt()
    {
        var recorded = Server.Services.GetRequiredService<ResourceCatalog>().Resources.Where(resource => resource.IsRecorded).Select(resource => resource.TypeName);
        await using var db = Server.Database.Open();
        var kinds = ActivityVisibility.Kinds(db, new Caller(1, "", IsSuperuser: false, IsSystemAuditor: false)).Select(kind => kind.Name);

        Assert.That(kinds, Is.EquivalentTo(recorded));
    }

    private async Task<IEnumerable<string>> ActorsAsync(string username) =>
        (await Admin.GetAsync($"activity_stream/?actor__username={username}"))["results"]!.AsArray().Select(entry => entry!["summary_fields"]!["label"]![0]!["id"]!.ToString());

    private Task<long> UserAsync(string password = "pass word 1") =>
        Admin.CreateAsync("users/", $$"""{"username":"{{Guid.NewGuid():N}}","password":"{{password}}"}""");

    private async Task<JsonNode?> LastAsync(string query) =>
        (await Admin.GetAsync($"activity_stream/?{query}&order_by=-id&page_size=1"))["results"]![0];

    private async Task<IEnumerable<string>> OperationsAsync(string path) => (await Admin.GetAsync($"{path}/activity_stream/")).Column("operation");
}
