using ContainerGroups.Host.IntegrationTests.Credentials;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>A job in a pod, when all goes well.</summary>
internal sealed class PodJobTests
{
    private static readonly string[] Way =
    [
        "created", "claimed", "environment created", "scheduled", "image pulled", "ready", "payload delivered", "started", "first byte", "exited",
        "output complete", "destroyed",
    ];

    private PodRig _rig = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await PodRig.CreateAsync();
        await _rig.StartHostAsync();
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task Job_RunsInAPodOfItsOwn_WhichIsGoneAtTheEnd()
    {
        var job = await _rig.RunningAsync($"{PodJob.WaitsUntilReleased}; seq 1 5000", await _rig.GroupAsync());
        var pod = await _rig.PodOfAsync(job);
        job.Release();

        await _rig.AssertWellAsync(job, $"waiting\nreleased\n{PodJob.Numbers}");
        Assert.That((pod.Namespace, pod.Labels["ansible-awx-job-id"]), Is.EqualTo((PodRig.Namespace, $"{job.Id}")));
        Assert.That(await PhasesAsync(job), Is.EqualTo(Way));
    }

    [Test]
    public async Task FailingProgram_IsFailed()
    {
        var job = await _rig.LaunchAsync("echo so long; exit 3", await _rig.GroupAsync());

        var row = await _rig.DoneAsync(job);

        Assert.That((row.Status, row.ExitCode, row.JobExplanation), Is.EqualTo((JobStatuses.Failed, 3, "The command ended with exit code 3.")));
        Assert.That(await _rig.OutputAsync(job), Is.EqualTo("so long\n"));
    }

    [Test]
    public async Task ProgramThatIsNotThere_IsToldByName()
    {
        var job = new Job { Name = "none", JobType = JobTypes.Command, Command = """["/no/such/program"]""" };
        await _rig.Host.Get<JobLauncher>().LaunchAsync(
            job, [await _rig.GroupAsync()], GivenPasswords.None, new Rest.FieldErrors(), CancellationToken.None);

        var row = await _rig.Hosts.EndedAsync(job.Id);

        Assert.That(row.Status, Is.EqualTo(JobStatuses.Error));
        Assert.That(row.JobExplanation, Does.Contain("/no/such/program"));
    }

    [Test]
    public async Task AdHocCommand_RunsItsModuleInAPod()
    {
        await using var db = _rig.Hosts.Open();
        var inventory = new Inventory { Name = "here", Organization = new Organization { Name = "for modules" }, Variables = "ansible_connection: local" };
        inventory.Hosts.Add(new InventoryHost { Name = "this" });
        db.Add(inventory);
        await db.SaveChangesAsync();
        var command = new AdHocCommand { Name = "ping", ModuleName = "ping", InventoryId = inventory.Id };

        await _rig.Host.Get<JobLauncher>().LaunchAsync(command, [await _rig.GroupAsync()], GivenPasswords.None, new Rest.FieldErrors(), CancellationToken.None);

        var row = await _rig.Hosts.EndedAsync(command.Id);
        Assert.That((row.Status, row.ExitCode, row.ExecutionNode, row.JobExplanation), Is.EqualTo((JobStatuses.Successful, 0, "", "")));
        var told = db.JobEvents.Where(e => e.JobId == command.Id && e.HostName == "this" && e.Event == "runner_on_ok");
        Assert.That(await told.Select(e => e.HostId).ToListAsync(), Is.EqualTo(new long?[] { inventory.Hosts[0].Id }));
    }

    [Test]
    public async Task ManyAtOnce_AllEndWell_AndLeaveNothing()
    {
        var group = await _rig.GroupAsync();

        var jobs = new List<PodJob>();
        for (var n = 0; n < 30; n++)
        {
            jobs.Add(await _rig.LaunchAsync($"echo this is {n}", group));
        }

        for (var n = 0; n < jobs.Count; n++)
        {
            await _rig.AssertWellAsync(jobs[n], $"this is {n}\n");
        }
    }

    [Test]
    public async Task Token_IsInNoPod_NoAnswer_AndNoLog()
    {
        var pods = new List<string>();
        _rig.Cluster.SetWebhook("spy", pod =>
        {
            lock (pods)
            {
                pods.Add(pod.ToJsonString());
            }

            return null;
        });
        var seen = await _rig.LaunchAsync("env", await _rig.GroupAsync());
        await _rig.DoneAsync(seen);
        var refused = await _rig.LaunchAsync("true", await _rig.GroupAsync("""{"serviceAccountName":"none"}"""));
        await _rig.DoneAsync(refused);
        using var admin = _rig.Host.Admin();
        var places = new[]
        {
            ("pods", string.Join('\n', pods)), ("answers", await LeakSearch.AnswersAsync(admin)), ("log", string.Join('\n', _rig.Host.Log.Lines)),
            ("output", await _rig.OutputAsync(seen)),
        };

        Assert.That(pods, Is.Not.Empty);
        foreach (var (where, text) in places)
        {
            Assert.That(SecretForms.FoundIn(text, [_rig.Token]), Is.Empty, where);
        }
    }

    private async Task<IReadOnlyList<string>> PhasesAsync(PodJob job)
    {
        await using var db = _rig.Hosts.Open();
        return [.. (await db.Jobs.AsNoTracking().Include(row => row.Phases).SingleAsync(row => row.Id == job.Id)).Phases.OrderBy(phase => phase.Id).Select(phase => phase.Name)];
    }
}
