using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.JobTemplates;

internal sealed class JobTemplatesApiTests(DatabaseKind kind) : ApiFixture(kind)
{
    private long _inventory;
    private long _project;

    [OneTimeSetUp]
    public async Task MakeProjectAsync()
    {
        var directory = Directory.CreateDirectory(Path.Combine(Server.Database.DataPath, "projects", "for-templates"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "site.yml"), "- hosts: all");
        _inventory = await Admin.CreateAsync("inventories/", """{"name":"for templates","organization":1,"source":"a\n"}""");
        _project = await Admin.CreateAsync("projects/", """{"name":"for templates","organization":1,"local_path":"for-templates"}""");
    }

    [Test]
    public async Task Template_IsShownWithItsProjectsOrganization()
    {
        var id = await CreateAsync();

        var template = await Admin.GetAsync($"job_templates/{id}/");

        Assert.Multiple(() =>
        {
            Assert.That((int?)template["organization"], Is.EqualTo(1));
            Assert.That((string?)template["status"], Is.EqualTo("never updated"));
            Assert.That((int?)template["verbosity"], Is.EqualTo(3));
            Assert.That((string?)template["related"]!["launch"], Is.EqualTo($"/api/v2/job_templates/{id}/launch/"));
            Assert.That((string?)template["summary_fields"]!["project"]!["status"], Is.EqualTo("ok"));
        });
    }

    [Test]
    public async Task CommandTemplate_NeedsNothingButItsCommand()
    {
        var id = await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("c")}}","job_type":"command","command":["sh","-c","true"]}""");

        Assert.That((await Admin.GetAsync($"job_templates/{id}/"))["command"]!.ToJsonString(), Is.EqualTo("""["sh","-c","true"]"""));
    }

    [TestCase("""{"project":null}""", "project", "This field is required.")]
    [TestCase("""{"inventory":null}""", "inventory", "You must either set a default value or ask to prompt on launch.")]
    [TestCase("""{"playbook":""}""", "playbook", "Must select playbook for project.")]
    [TestCase("""{"playbook":"nope.yml"}""", "playbook", "Playbook not found for project.")]
    [TestCase("""{"forks":201}""", "forks", "Maximum number of forks (200) exceeded.")]
    [TestCase("""{"forks":-1}""", "forks", "Ensure this value is greater than or equal to 0.")]
    [TestCase("""{"verbosity":6}""", "verbosity", "\"6\" is not a valid choice.")]
    [TestCase("""{"job_type":"scan"}""", "job_type", "\"scan\" is not a valid choice.")]
    [TestCase("""{"extra_vars":"[1]"}""", "extra_vars", "Input type `list` is not a dictionary: variables must be a mapping of names to values.")]
    [TestCase("""{"extra_vars":{"a":1}}""", "extra_vars", "Not a valid string.")]
    [TestCase("""{"scm_branch":"x"}""", "scm_branch", "Project does not allow overriding branch.")]
    [TestCase("""{"ask_scm_branch_on_launch":true}""", "ask_scm_branch_on_launch", "Project does not allow overriding branch.")]
    [TestCase("""{"job_slice_count":2}""", "job_slice_count", "Slicing jobs is not supported.")]
    [TestCase("""{"command":["x"]}""", "command", "Only templates of the type command run a program of their own.")]
    [TestCase("""{"job_type":"command","playbook":"","command":[]}""", "command", "A template of the type command needs the program to run, as a list of texts.")]
    [TestCase("""{"job_type":"command","command":["x"]}""", "playbook", "A template of the type command runs no playbook.")]
    [TestCase("""{"inventory":987654}""", "inventory", "Invalid pk \"987654\" - object does not exist.")]
    public async Task BadTemplate_IsRefusedByField(string change, string field, string message)
    {
        var answer = await Admin.PatchAsync($"job_templates/{await CreateAsync()}/", change);

        Assert.That((answer.Status, answer.Error(field)), Is.EqualTo((HttpStatusCode.BadRequest, message)), answer.Text);
    }

    [Test]
    public async Task InventoryAskedForOnLaunch_NeedsNone()
    {
        var answer = await Admin.PatchAsync($"job_templates/{await CreateAsync()}/", """{"inventory":null,"ask_inventory_on_launch":true}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task RecentJobs_AreTheTenNewest()
    {
        var (id, other) = (await CreateAsync(), await CreateAsync());
        for (var i = 0; i < 12; i++)
        {
            var status = i % 2 == 0 ? JobStatuses.Successful : JobStatuses.Failed;
            await Server.InsertAsync(new Job { Name = $"{i}", JobTemplateId = id, Status = status, Failed = i % 2 == 1, Finished = DateTime.UtcNow });
        }

        await Server.InsertAsync(new Job { Name = "new", JobTemplateId = id, Status = JobStatuses.Canceled });
        await Server.InsertAsync(new Job { Name = "of another", JobTemplateId = other, Status = JobStatuses.Canceled });
        var template = await Admin.GetAsync($"job_templates/{id}/");

        var recent = template["summary_fields"]!["recent_jobs"]!.AsArray();
        Assert.That(recent, Has.Count.EqualTo(10));
        Assert.That((string?)recent[0]!["status"], Is.EqualTo("canceled"));
        Assert.That(((string?)template["status"], (bool?)template["last_job_failed"]), Is.EqualTo(("canceled", (bool?)true)));
        Assert.That((string?)template["summary_fields"]!["last_job"]!["name"], Is.EqualTo("11"));
    }

    [Test]
    public async Task Delete_WhileAJobRuns_IsRefused()
    {
        var id = await CreateAsync();
        await Server.InsertAsync(new Job { Name = "j", JobTemplateId = id, Status = JobStatuses.Running, ControllerNode = "elsewhere" });

        Assert.That((await Admin.DeleteAsync($"job_templates/{id}/")).Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await Admin.DeleteAsync($"job_templates/{await CreateAsync()}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    private Task<long> CreateAsync() => Admin.CreateAsync(
        "job_templates/",
        $$"""{"name":"{{Fresh("t")}}","project":{{_project}},"inventory":{{_inventory}},"playbook":"site.yml","verbosity":3,"extra_vars":"a: 1"}""");
}
