using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary><c>/things/N/copy/</c> of everything that AWX copies.</summary>
internal sealed class CopyTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task Template_IsCopiedWithAllThatBelongsToIt()
    {
        var id = await TemplateAsync();
        var label = await Admin.CreateAsync("labels/", $$"""{"name":"{{Fresh("l")}}","organization":1}""");
        await Admin.PostAsync($"job_templates/{id}/labels/", $$"""{"id":{{label}}}""");
        var groups = new[] { await GroupAsync(), await GroupAsync() };
        foreach (var group in groups)
        {
            await Admin.PostAsync($"job_templates/{id}/instance_groups/", $$"""{"id":{{group}}}""");
        }

        var name = Fresh("copy");
        var may = await Admin.GetAsync($"job_templates/{id}/copy/");
        var copy = await Admin.PostAsync($"job_templates/{id}/copy/", $$"""{"name":"{{name}}"}""");

        Assert.That(may.Text, Is.EqualTo("""{"can_copy":true}"""));
        Assert.That(copy.Status, Is.EqualTo(HttpStatusCode.Created), copy.Text);
        Assert.That(copy.Headers["Location"], Is.EqualTo($"/api/v2/job_templates/{copy["id"]}/"));
        Assert.That(((string?)copy["name"], (int)copy["forks"]!, (string?)copy["extra_vars"], (bool)copy["ask_labels_on_launch"]!), Is.EqualTo((name, 7, "a: 1", true)));
        Assert.That(copy["command"]!.ToJsonString(), Is.EqualTo("""["sh","-c","true"]"""));
        Assert.That((await Admin.GetAsync($"job_templates/{copy["id"]}/labels/")).Column("id"), Is.EqualTo(new[] { $"{label}" }));
        Assert.That((await Admin.GetAsync($"job_templates/{copy["id"]}/instance_groups/")).Column("id"), Is.EqualTo(groups.Select(group => $"{group}")));
        Assert.That((await Admin.GetAsync($"job_templates/{copy["id"]}/activity_stream/")).Column("operation"), Is.EqualTo(new[] { "create" }));
    }

    [Test]
    public async Task Copy_WithoutAName_GetsOne()
    {
        var id = await Admin.CreateAsync("execution_environments/", $$"""{"name":"{{Fresh("e")}}","image":"a/b:c","pull":"always"}""");
        var original = await Admin.GetAsync($"execution_environments/{id}/");

        var copy = await Admin.PostAsync($"execution_environments/{id}/copy/", """{"name":" "}""");
        var again = await Admin.PostAsync($"execution_environments/{id}/copy/", "");

        Assert.That(((string?)copy["name"], (string?)copy["image"], (string?)copy["pull"]), Is.EqualTo(($"{original["name"]} copy", "a/b:c", "always")), copy.Text);
        Assert.That((again.Status, again.Error("name")), Is.EqualTo((HttpStatusCode.BadRequest, "Execution environment with this Name already exists.")));
    }

    [Test]
    public async Task Copy_WithTheOriginalsName_OrNone_IsRefused()
    {
        var id = await TemplateAsync();
        var name = (string)(await Admin.GetAsync($"job_templates/{id}/"))["name"]!;

        var same = await Admin.PostAsync($"job_templates/{id}/copy/", $$"""{"name":"{{name}}"}""");
        var list = await Admin.PostAsync($"job_templates/{id}/copy/", """{"name":["x"]}""");

        Assert.That(
            (same.Status, same.Error("non_field_errors")),
            Is.EqualTo((HttpStatusCode.BadRequest, $"The original object is already named {name}, a copy from it cannot have the same name.")));
        Assert.That((list.Status, list.Error("name")), Is.EqualTo((HttpStatusCode.BadRequest, "Not a valid string.")));
    }

    [Test]
    public async Task Inventory_IsCopiedWithItsHostsAndGroups_AndLeadsALifeOfItsOwn()
    {
        const string source = "[web]\nw1 x=1\nw2\n[all:children]\n[site:children]\nweb\n[all:vars]\ny=2\n";
        var id = await Admin.CreateAsync(
            "inventories/", $$"""{"name":"{{Fresh("i")}}","organization":1,"variables":"z: 3","source":{{System.Text.Json.JsonSerializer.Serialize(source)}}}""");
        await Admin.CreateAsync($"inventories/{id}/hosts/", """{"name":"by hand","variables":"h: 1","enabled":false}""");
        var group = await GroupAsync();
        await Admin.PostAsync($"inventories/{id}/instance_groups/", $$"""{"id":{{group}}}""");

        var copy = await Admin.PostAsync($"inventories/{id}/copy/", $$"""{"name":"{{Fresh("i")}}"}""");

        Assert.That(copy.Status, Is.EqualTo(HttpStatusCode.Created), copy.Text);
        var (before, after) = (await Admin.GetAsync($"inventories/{id}/script/?hostvars=1"), await Admin.GetAsync($"inventories/{copy["id"]}/script/?hostvars=1"));
        Assert.That(after.Text, Is.EqualTo(before.Text).And.Contain("w1"));
        Assert.That((await Admin.GetAsync($"inventories/{copy["id"]}/hosts/?enabled=false")).Names, Is.EqualTo(new[] { "by hand" }));
        Assert.That((await Admin.GetAsync($"inventories/{copy["id"]}/instance_groups/")).Column("id"), Is.EqualTo(new[] { $"{group}" }));
        Assert.That((string?)(await Admin.GetAsync($"inventories/{copy["id"]}/"))["source"], Is.EqualTo(source));
        var host = (await Admin.GetAsync($"inventories/{copy["id"]}/hosts/?name=w1")).Column("id").Single();
        await Admin.DeleteAsync($"hosts/{host}/");
        Assert.That((await Admin.GetAsync($"inventories/{id}/hosts/?name=w1")).Names.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Project_IsCopiedWithItsArchive()
    {
        var project = new Project
        {
            Name = Fresh("p"),
            OrganizationId = 1,
            ScmType = ScmTypes.Archive,
            ScmRevision = "d1",
            PlaybookFiles = """["site.yml"]""",
            Status = JobStatuses.Successful,
        };
        await Server.InsertAsync(project);
        await Server.InsertAsync(new ProjectArchiveChunk { ProjectId = project.Id, Digest = "d1", Data = [1, 2, 3], Stored = DateTime.UtcNow });

        var copy = await Admin.PostAsync($"projects/{project.Id}/copy/", "{}");

        Assert.That(((string?)copy["scm_revision"], (string?)copy["status"]), Is.EqualTo(("d1", "successful")), copy.Text);
        Assert.That((await Admin.GetAsync($"projects/{copy["id"]}/playbooks/")).Text, Is.EqualTo("""["site.yml"]"""));
        await using var db = Server.Database.Open();
        var id = (long)copy["id"]!;
        Assert.That((await db.ProjectArchiveChunks.SingleAsync(chunk => chunk.ProjectId == id)).Data, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    private Task<long> GroupAsync() => Admin.CreateAsync("instance_groups/", $$"""{"name":"{{Fresh("g")}}"}""");

    private Task<long> TemplateAsync() => Admin.CreateAsync(
        "job_templates/",
        $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["sh","-c","true"],"forks":7,"extra_vars":"a: 1","ask_labels_on_launch":true,"host_config_key":"k"}""");
}
