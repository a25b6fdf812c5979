using System.Diagnostics;
using System.Text;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.IntegrationTests.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Ansible;

/// <summary>What is built for a job does what the job asks for, when the real ansible-runner gets it.</summary>
public sealed class ProgramBuilderTests
{
    private const string Playbook = """
        - hosts: all
          gather_facts: false
          tasks:
            - name: Told
              ansible.builtin.debug:
                msg: "{{ inventory_hostname }} {{ greeting }} {{ awx_job_id }} {{ tower_job_launch_type }} {{ ansible_check_mode }} {{ from_file }} {{ of_host | default('-') }}"
              tags: [wanted]
            - name: Untold
              ansible.builtin.debug:
                msg: not to be seen
        """;

    private OutputServer _server = null!;
    private long _project;
    private long _inventory;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await OutputServer.StartAsync();
        Write("site.yml", Playbook);
        Write("group_vars/all.yml", "from_file: read");
        await using var db = _server.Open();
        var organization = await db.Organizations.FirstOrDefaultAsync() ?? new Organization { Name = "organization" };
        var project = new Project { Name = "project", Organization = organization, LocalPath = "demo" };
        var inventory = new Inventory { Name = "inventory", Organization = organization, Variables = "ansible_connection: local" };
        inventory.Hosts.Add(new InventoryHost { Name = "web1", Variables = "of_host: grüße" });
        inventory.Hosts.Add(new InventoryHost { Name = "web2" });
        db.AddRange(project, inventory);
        await db.SaveChangesAsync();
        (_project, _inventory) = (project.Id, inventory.Id);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Playbook_WithOptionsVariablesAndInventory_RunsAsAsked()
    {
        var job = await _server.AddJobAsync(JobTypes.Check, j =>
        {
            Of(j);
            j.ExtraVars = "---\ngreeting: it's \"quoted\" ☃\n";
            (j.Limit, j.JobTags, j.Verbosity, j.Forks) = ("web1", "wanted", 1, 3);
        });

        var (exit, text) = await RunAsync(job);

        Assert.That(exit, Is.Zero, text);
        Assert.That(text, Does.Contain($"web1 it's \\\"quoted\\\" ☃ {job} manual True read grüße"));
        Assert.That(text, Does.Not.Contain("not to be seen").And.Not.Contain("web2"));
        await using var db = _server.Open();
        Assert.That(await db.JobHostSummaries.Where(s => s.JobId == job).Select(s => s.HostName).ToListAsync(), Is.EqualTo(new[] { "web1" }));
    }

    [Test]
    public async Task Command_RunsInTheProjectsFiles()
    {
        var job = await _server.AddJobAsync(JobTypes.Command, j =>
        {
            j.ProjectId = _project;
            j.Command = """["sh", "-c", "cat group_vars/all.yml; printf %s \"$JOB_ID\""]""";
        });

        var (exit, text) = await RunAsync(job);

        Assert.That((exit, text), Is.EqualTo((0, $"from_file: read{job}")));
    }

    [TestCase("gone.yml", "The playbook \"gone.yml\" does not exist in project \"project\".")]
    [TestCase("../../secret.yml", "The playbook \"../../secret.yml\" is not inside the project.")]
    [TestCase("", "The job names no playbook.")]
    public async Task PlaybookThatIsNotThere_IsSaidInOneSentence(string playbook, string expected)
    {
        var job = await _server.AddJobAsync(JobTypes.Run, j =>
        {
            Of(j);
            j.Playbook = playbook;
        });

        Assert.That(async () => await _server.BuildProgramAsync(job),
            Throws.TypeOf<ProgramBuildException>().With.Message.EqualTo(expected));
        Assert.That(Directory.GetFiles(Path.Combine(_server.Data, "tmp")), Is.Empty);
    }

    private void Of(Job job) => (job.ProjectId, job.InventoryId, job.Playbook) = (_project, _inventory, "site.yml");

    private void Write(string name, string text)
    {
        var path = Path.Combine(_server.Data, "projects", "demo", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Does by hand what a backend does: unpacks, starts, and gives what is printed to the job's output.</summary>
    private async Task<(int Exit, string Text)> RunAsync(long job)
    {
        using var directory = new TemporaryDirectory();
        await using var program = await _server.BuildProgramAsync(job);
        await using (var archive = await program.Payload.OpenAsync(CancellationToken.None))
        {
            await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(archive, directory.Path, overwriteFiles: false);
        }

        var start = new ProcessStartInfo(program.Command[0], program.Command.Skip(1)) { WorkingDirectory = directory.Path, RedirectStandardOutput = true };
        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var spool = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(spool);
        await process.WaitForExitAsync();
        await using var output = await _server.OpenOutputAsync(job);
        await output.AppendAsync(spool.ToArray(), CancellationToken.None);
        await output.CompleteAsync(CancellationToken.None);
        return (process.ExitCode, Encoding.UTF8.GetString(await TextAsync(job)));
    }

    private Task<byte[]> TextAsync(long job) => _server.Http.GetByteArrayAsync($"/api/v2/jobs/{job}/stdout/?format=ansi");
}
