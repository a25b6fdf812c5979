using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace ContainerGroups.Host.IntegrationTests.Projects;

internal sealed class ProjectsApiTests(DatabaseKind kind) : ApiFixture(kind)
{
    private GitSandbox _git = null!;

    [SetUp]
    public void MakeRepository()
    {
        _git = new GitSandbox();
        _git.Commit("site.yml", "- hosts: all\n");
    }

    [TearDown]
    public void RemoveRepository() => _git.Dispose();

    [Test]
    public async Task GitProject_IsUpdatedWhenMade_AndAgainWhenItsSourceChanges()
    {
        var name = Fresh("git");
        var id = await Admin.CreateAsync("projects/", $$"""{"name":"{{name}}","organization":1,"scm_type":"git","scm_url":"{{_git.Url}}"}""");
        var made = await EndedAsync(id);
        Assert.That((string?)made["status"], Is.EqualTo("successful"), made.Text);
        Assert.That((string?)made["local_path"], Does.StartWith($"_{id}__git_"));
        Assert.That((await Admin.GetAsync($"projects/{id}/playbooks/")).Text, Is.EqualTo("[\"site.yml\"]"));

        _git.Run("checkout", "--quiet", "-b", "next");
        var commit = _git.Commit("next.yml", "- hosts: all\n");
        var changed = await Admin.PatchAsync($"projects/{id}/", """{"scm_branch":"next"}""");
        Assert.That(((string?)changed["status"], (string?)changed["scm_revision"]), Is.EqualTo(("pending", "")));

        Assert.That((string?)(await EndedAsync(id))["scm_revision"], Is.EqualTo(commit));
        var updates = await Admin.GetAsync($"projects/{id}/project_updates/");
        Assert.That(updates.Column("status"), Is.EqualTo(new[] { "successful", "successful" }));
        var stdout = await Admin.GetAsync($"project_updates/{updates.Column("id").Last()}/stdout/?format=txt");
        Assert.That(stdout.Text, Does.Contain($"Checking out {commit}"));
    }

    [Test]
    public async Task Update_AnswersWithTheUpdate_WhichCanBeCanceledOnlyWhileItRuns()
    {
        var id = await Admin.CreateAsync("projects/", $$"""{"name":"{{Fresh("p")}}","scm_type":"git","scm_url":"{{_git.Url}}"}""");
        await EndedAsync(id);
        Assert.That((bool?)(await Admin.GetAsync($"projects/{id}/update/"))["can_update"], Is.True);

        var answer = await Admin.PostAsync($"projects/{id}/update/", "{}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted), answer.Text);
        var update = (long)answer["project_update"]!;
        Assert.That((long)answer["id"]!, Is.EqualTo(update));
        Assert.That(answer.Headers["Location"], Is.EqualTo($"/api/v2/project_updates/{update}/"));
        await EndedAsync(id);
        Assert.That((bool?)(await Admin.GetAsync($"project_updates/{update}/cancel/"))["can_cancel"], Is.False);
        Assert.That((await Admin.PostAsync($"project_updates/{update}/cancel/", "{}")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((await Admin.DeleteAsync($"project_updates/{update}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task Archive_IsTaken_AndABadOneRefusedByTheNameOfItsEntry()
    {
        var id = await Admin.CreateAsync("projects/", $$"""{"name":"{{Fresh("a")}}","scm_type":"archive"}""");

        var taken = await Admin.SendAsync(HttpMethod.Put, $"projects/{id}/archive/", Archive("site.yml", TarEntryType.RegularFile), "application/gzip");
        var refused = await Admin.SendAsync(HttpMethod.Put, $"projects/{id}/archive/", Archive("evil", TarEntryType.SymbolicLink), "application/gzip");

        Assert.That((taken.Status, (string?)taken["status"]), Is.EqualTo((HttpStatusCode.OK, "successful")), taken.Text);
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(refused.Error("archive"), Does.StartWith("The entry \"evil\" is a symbolic link"));
        var after = await Admin.GetAsync($"projects/{id}/");
        Assert.That((string?)after["scm_revision"], Is.EqualTo((string?)taken["scm_revision"]));
        Assert.That((await Admin.PostAsync($"projects/{id}/update/", "{}")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [TestCase("""{"scm_type":"git"}""", "scm_url", "required")]
    [TestCase("""{"scm_type":"git","scm_url":"--upload-pack=x"}""", "scm_url", "dash")]
    [TestCase("""{"scm_type":"git","scm_url":"ext::id"}""", "scm_url", "not allowed")]
    [TestCase("""{"scm_type":"git","scm_url":"https://u:secret@example.org/x"}""", "scm_url", "must not hold a password or token")]
    [TestCase("""{"scm_type":"git","scm_url":"https://example.org/x","scm_branch":"-b"}""", "scm_branch", "dash")]
    [TestCase("""{"scm_type":"svn","scm_url":"https://example.org/x"}""", "scm_type", "not a valid choice")]
    [TestCase("""{"local_path":"../etc"}""", "local_path", "relative path of a directory below")]
    [TestCase("{}", "local_path", "required")]
    [TestCase("""{"scm_type":"archive","scm_update_on_launch":true}""", "scm_update_on_launch", "Only git")]
    [TestCase("""{"scm_type":"archive","credential":1}""", "credential", "object does not exist")]
    public async Task BadProject_IsRefusedByField(string body, string field, string cause)
    {
        var answer = await Admin.PostAsync("projects/", $$"""{"name":"{{Fresh("bad")}}",{{body[1..]}}""".Replace(",}", "}", StringComparison.Ordinal));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error(field), Does.Contain(cause).And.Not.Contain("secret"));
    }

    [Test]
    public async Task ManualProject_ShowsWhetherItsDirectoryIsThere()
    {
        var path = Guid.NewGuid().ToString("N");
        var id = await Admin.CreateAsync("projects/", $$"""{"name":"{{path}}","local_path":"{{path}}"}""");
        Assert.That((string?)(await Admin.GetAsync($"projects/{id}/"))["status"], Is.EqualTo("missing"));

        var directory = Directory.CreateDirectory(Path.Combine(Server.Database.DataPath, "projects", path));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "a.yml"), "- hosts: all");

        Assert.That((string?)(await Admin.PatchAsync($"projects/{id}/", "{}"))["status"], Is.EqualTo("ok"));
        Assert.That((await Admin.GetAsync($"projects/{id}/playbooks/")).Text, Is.EqualTo("[\"a.yml\"]"));
    }

    protected override void Override(WebApplicationBuilder builder) =>
        builder.Configuration.AddInMemoryCollection([new("Projects:GitProtocols:0", "file"), new("Projects:GitProtocols:1", "https")]);

    private async Task<ApiAnswer> EndedAsync(long id)
    {
        var answer = await Admin.GetAsync($"projects/{id}/");
        await Eventually.BeAsync(
            async () => (string?)(answer = await Admin.GetAsync($"projects/{id}/"))["status"] is not ("pending" or "running"), "the project is updated");
        return answer;
    }

    private static byte[] Archive(string name, TarEntryType type)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            var entry = new PaxTarEntry(type, name);
            if (type == TarEntryType.SymbolicLink)
            {
                entry.LinkName = "/etc/passwd";
            }
            else
            {
                entry.DataStream = new MemoryStream("- hosts: all\n"u8.ToArray());
            }

            tar.WriteEntry(entry);
        }

        return packed.ToArray();
    }
}
