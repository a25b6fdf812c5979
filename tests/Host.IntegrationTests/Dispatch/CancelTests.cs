using System.Net;
using System.Net.Sockets;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>A user's wish to end a job, in each of its states.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class CancelTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;
    private long _group;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task Pending_IsCanceledAtOnce()
    {
        var full = await _rig.GroupAsync(maxJobs: 1);
        var running = await RunningAsync("run_for=ever", full);
        var id = await DispatchRig.LaunchAsync(_host, "print=1", full);

        var canceled = await CancelAsync(id);

        var job = await _rig.FindAsync(id);
        Assert.That(canceled, Is.True);
        Assert.That((job.Status, job.Failed, job.JobExplanation), Is.EqualTo((JobStatuses.Canceled, true, "")));
        Assert.That((job.CanceledOn, job.Finished), Is.EqualTo((Now(), Now())));
        await CancelAsync(running);
        await _rig.EndedAsync(running);
        Assert.That(_rig.Starts(id), Is.Zero);
    }

    [Test]
    public async Task WaitingForAGitServerThatNeverAnswers_IsCanceledWithoutEverRunning()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var project = new Project
        {
            Name = "stalled",
            ScmType = ScmTypes.Git,
            ScmUrl = $"git://{server.LocalEndpoint}/stalled",
            ScmRevision = new string('a', 40),
        };
        await using (var db = _rig.Open())
        {
            db.Projects.Add(project);
            await db.SaveChangesAsync();
        }

        var id = await DispatchRig.LaunchAsync(_host, new Job { ProjectId = project.Id }, _group);
        var asking = server.AcceptTcpClientAsync();
        await Eventually.EndAsync(asking, "git asks for the project's files");
        using var asker = await asking;

        await CancelAsync(id);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.JobExplanation, job.Started), Is.EqualTo((JobStatuses.Canceled, "", (DateTime?)null)));
        await GoneAsync(id, starts: 0);
    }

    [Test]
    public async Task BeingProvisioned_IsCanceledWithoutEverRunning()
    {
        var id = await DispatchRig.LaunchAsync(_host, "provision_for=ever waiting_for=InsufficientCapacity", _group);
        await _rig.UntilAsync(id, j => j is { Status: JobStatuses.Waiting, JobExplanation.Length: > 0 }, "it is being provisioned");

        await CancelAsync(id);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.JobExplanation, job.Started), Is.EqualTo((JobStatuses.Canceled, "", (DateTime?)null)));
        await GoneAsync(id, starts: 0);
    }

    [Test]
    public async Task Running_IsStoppedAndKeepsItsOutput()
    {
        var id = await RunningAsync("print=5 print_for=0s run_for=ever", _group);

        await CancelAsync(id);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.JobExplanation, job.Failed), Is.EqualTo((JobStatuses.Canceled, "", true)));
        Assert.That(await _rig.OutputAsync(id), Is.EqualTo("1\n2\n3\n4\n5\n"u8.ToArray()));
        await GoneAsync(id, starts: 1);
    }

    [Test]
    public async Task IgnoringThePoliteSignal_IsKilledAfterTheGrace()
    {
        var id = await RunningAsync("run_for=ever ignore_term=true", _group);

        await CancelAsync(id);

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(job.Finished - job.CanceledOn, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(10)));
        await GoneAsync(id, starts: 1);
    }

    [Test]
    public async Task OutOfReach_EndsAllTheSame_AndIsRemovedLater()
    {
        var id = await RunningAsync("run_for=ever outage_after=1s outage_for=ever", _group);
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));

        await CancelAsync(id);

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(job.Finished - job.CanceledOn, Is.LessThan(TimeSpan.FromMinutes(30)));
        await GoneAsync(id, starts: 1);
    }

    [Test]
    public async Task BackendThatCannotCancel_EndsAllTheSame_AndSaysSo()
    {
        var id = await RunningAsync("run_for=ever throw=cancel", _group);

        await CancelAsync(id);

        var job = await _rig.EndedAsync(id);
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(job.JobExplanation, Does.StartWith("The program could not be stopped:").And.EndWith("removed as soon as it can be."));
        await GoneAsync(id, starts: 1);
    }

    [Test]
    public async Task BackendThatHangs_EndsAllTheSame()
    {
        var id = await RunningAsync("run_for=ever hang=cancel", _group);

        await CancelAsync(id);

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(job.Finished - job.CanceledOn, Is.LessThan(TimeSpan.FromMinutes(30)));
    }

    [Test]
    public async Task OnItsWayBackToTheQueue_IsCanceled()
    {
        var asked = false;
        _rig.Calls.Interpose = async call =>
        {
            // The group has refused, and what it had made is being removed.
            if (call is { Member: "destroy", Ended: false } && !asked)
            {
                asked = true;
                await CancelAsync(call.JobId);
            }
        };

        var id = await DispatchRig.LaunchAsync(_host, "start_error=Unreachable", _group);

        var job = await _rig.EndedAsync(id);
        _rig.Calls.Interpose = null;
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
        await GoneAsync(id, starts: 0);
    }

    [Test]
    public async Task Ended_CannotBeCanceled()
    {
        var id = await DispatchRig.LaunchAsync(_host, "print=1", _group);
        await _rig.EndedAsync(id);
        using var admin = _host.Admin();

        Assert.That((bool)(await admin.GetAsync($"jobs/{id}/cancel/"))["can_cancel"]!, Is.False);
        Assert.That((await admin.PostAsync($"jobs/{id}/cancel/", "{}")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((await _rig.FindAsync(id)).Status, Is.EqualTo(JobStatuses.Successful));
    }

    [Test]
    public async Task CancelByTheApi_IsAccepted()
    {
        var id = await RunningAsync("run_for=ever", _group);
        using var admin = _host.Admin();

        Assert.That((bool)(await admin.GetAsync($"jobs/{id}/cancel/"))["can_cancel"]!, Is.True);
        Assert.That((await admin.PostAsync($"jobs/{id}/cancel/", "{}")).Status, Is.EqualTo(HttpStatusCode.Accepted));

        Assert.That((await _rig.EndedAsync(id)).Status, Is.EqualTo(JobStatuses.Canceled));
    }

    [Test]
    public async Task Delete_IsRefusedWhileTheJobRuns()
    {
        var id = await RunningAsync("run_for=ever", _group);
        using var admin = _host.Admin();

        Assert.That((await admin.DeleteAsync($"jobs/{id}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));

        await CancelAsync(id);
        await _rig.EndedAsync(id);
        Assert.That((await admin.DeleteAsync($"jobs/{id}/")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task Relaunch_RunsTheSameAgainAsAJobOfItsOwn()
    {
        var id = await DispatchRig.LaunchAsync(_host, "print=3", _group);
        await _rig.EndedAsync(id);
        using var admin = _host.Admin();

        var again = await admin.CreateAsync($"jobs/{id}/relaunch/", "{}");

        var job = await _rig.EndedAsync(again);
        Assert.That(again, Is.GreaterThan(id));
        Assert.That((job.Status, job.LaunchType, job.InstanceGroupId), Is.EqualTo((JobStatuses.Successful, LaunchTypes.Relaunch, _group)));
        Assert.That(await _rig.OutputAsync(again), Is.EqualTo("1\n2\n3\n"u8.ToArray()));
    }

    private DateTime Now() => _rig.Clock.GetUtcNow().UtcDateTime;

    private Task<bool> CancelAsync(long id) => _host.Get<JobCanceler>().CancelAsync(id, CancellationToken.None);

    private async Task<long> RunningAsync(string script, long group)
    {
        var id = await DispatchRig.LaunchAsync(_host, script, group);
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        return id;
    }

    private async Task GoneAsync(long id, int starts)
    {
        await _rig.EventuallyAsync(() => _rig.EnvironmentsOf(id).Count == 0, "the environment is gone");
        Assert.That(_rig.Starts(id), Is.EqualTo(starts));
    }
}
