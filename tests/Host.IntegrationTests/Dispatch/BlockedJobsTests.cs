using ContainerGroups.Host.Dispatch;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>What a job that has to wait says, and what becomes of one that waits in vain.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class BlockedJobsTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _host = await _rig.StartHostAsync();
        // A host of its own for the project updates of these tests: this one leaves them alone.
        await using var db = _rig.Open();
        db.HostProcesses.Add(new HostProcess { Hostname = "elsewhere", StartedAt = DateTime.UnixEpoch, LastSeen = DateTime.UtcNow.AddYears(100) });
        await db.SaveChangesAsync();
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task NoRoom_IsSaidAfterHalfAMinute_AndForgottenAtTheStart()
    {
        var group = await _rig.GroupAsync(maxJobs: 1);
        var first = await RunningAsync(new Job { Name = "run_for=ever" }, group);
        var id = await DispatchRig.LaunchAsync(_host, "run_for=ever", group);
        _rig.Clock.Advance(TimeSpan.FromSeconds(29));
        await _host.Get<BlockedJobs>().ExplainAsync(CancellationToken.None);
        Assert.That((await _rig.FindAsync(id)).JobExplanation, Is.Empty);

        var waiting = await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(1), id, j => j.JobExplanation.Length > 0, "it says why it waits");
        await CancelAsync(first);
        var running = await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");

        Assert.That(waiting.JobExplanation, Is.EqualTo("This job is not ready to start because there is not enough available capacity."));
        Assert.That(running.JobExplanation, Is.Empty);
        await CancelAsync(id);
    }

    [Test]
    public async Task DiskThatIsFull_IsNamed_AsLongAsNoHostTakesJobs()
    {
        const string Fault = "The disk is nearly full.";
        var group = await _rig.GroupAsync(maxJobs: 1);
        var first = await RunningAsync(new Job { Name = "run_for=ever" }, group);
        var id = await DispatchRig.LaunchAsync(_host, "run_for=ever", group);

        await TellAsync(Fault);
        var full = await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation.Length > 0, "it says why it waits");
        await TellAsync(null);
        await _host.Get<BlockedJobs>().ExplainAsync(CancellationToken.None);
        var busy = await _rig.FindAsync(id);

        Assert.That(full.JobExplanation, Is.EqualTo($"This job is not ready to start because there is not enough available capacity. {Fault}"));
        Assert.That(busy.JobExplanation, Is.EqualTo("This job is not ready to start because there is not enough available capacity."));
        await CancelAsync(first);
        await CancelAsync(id);
    }

    [Test]
    public async Task JobOfABusyTemplate_SaysWhichJobItWaitsFor()
    {
        var template = await AddAsync(new JobTemplate { Name = "one at a time" });
        var group = await _rig.GroupAsync();
        var first = await RunningAsync(new Job { Name = "run_for=ever", JobTemplateId = template }, group);
        var id = await DispatchRig.LaunchAsync(_host, new Job { Name = "print=1", JobTemplateId = template }, group);

        var waiting = await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation.Length > 0, "it says why it waits");
        await CancelAsync(first);
        var job = await _rig.EndedAsync(id);

        Assert.That(waiting.JobExplanation, Is.EqualTo($"waiting for job-{first} to finish"));
        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Successful, "")));
    }

    [Test]
    public async Task JobOfAProjectThatIsUpdated_SaysSo_AndStartsAfterwards()
    {
        var update = await UpdateAsync("updated");
        var id = await BlockedAsync(update);

        var waiting = await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation.Length > 0, "it says why it waits");
        await EndAsync(update, JobStatuses.Successful);
        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That(waiting.JobExplanation, Is.EqualTo($"waiting for project_update-{update} to finish"));
        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Successful, "")));
    }

    [TestCase(JobStatuses.Failed)]
    [TestCase(JobStatuses.Error)]
    [TestCase(JobStatuses.Canceled)]
    public async Task JobOfAProjectWhoseUpdateFails_FailsWithIt(string status)
    {
        var update = await UpdateAsync($"a \"{status}\" one");
        var id = await BlockedAsync(update);

        await EndAsync(update, status);

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");
        Assert.That((job.Status, job.Failed, job.Started), Is.EqualTo((JobStatuses.Failed, true, (DateTime?)null)));
        Assert.That(
            job.JobExplanation,
            Is.EqualTo($$"""Previous Task Failed: {"job_type": "project_update", "job_name": "a \"{{status}}\" one", "job_id": "{{update}}"}"""));
    }

    [Test]
    public async Task JobsOfAFailedUpdate_AreToldOfOnce_HoweverManyHostsHearOfIt()
    {
        const int Jobs = 20;
        var template = new JobTemplate { Name = "told" };
        await AddAsync(template);
        var hook = new NotificationTemplate { Name = "hook", Organization = new Organization { Name = "told" }, NotificationConfiguration = "{}" };
        await AddAsync(hook);
        await using var db = _rig.Open();
        db.Add(new JobTemplateNotification { JobTemplateId = template.Id, TemplateId = hook.Id, Event = NotificationEvents.Error });
        var update = await UpdateAsync("told of once");
        db.AddRange(Enumerable.Range(0, Jobs).Select(_ => new Job
        {
            Name = "waits",
            JobTemplateId = template.Id,
            ProjectUpdateId = update,
            Status = JobStatuses.Pending,
            Created = _rig.Clock.GetUtcNow().UtcDateTime,
        }));
        await db.SaveChangesAsync();
        await db.ProjectUpdates.Where(u => u.Id == update).ExecuteUpdateAsync(s => s.SetProperty(u => u.Status, JobStatuses.Failed));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _host.Get<BlockedJobs>().FailAsync(CancellationToken.None)));

        var told = await db.Notifications.GroupBy(notification => notification.UnifiedJobId).Select(group => group.Count()).ToListAsync();
        Assert.That(told, Has.Count.EqualTo(Jobs).And.All.EqualTo(1));
    }

    [Test]
    public async Task RefusalOfAGroup_StaysVisible()
    {
        var id = await DispatchRig.LaunchAsync(_host, "provision_error=QuotaExceeded", await _rig.GroupAsync());
        await _rig.UntilAsync(id, j => j.StartFailures > 0 && j.Status == JobStatuses.Pending, "it was refused");

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j is { StartFailures: > 4, Status: JobStatuses.Pending }, "it was refused again and again");
        await _host.Get<BlockedJobs>().ExplainAsync(CancellationToken.None);

        Assert.That(job.JobExplanation, Is.EqualTo("The fake was told to fail with QuotaExceeded."));
        Assert.That((await _rig.FindAsync(id)).JobExplanation, Is.AnyOf("The fake was told to fail with QuotaExceeded.", ""));
        await CancelAsync(id);
    }

    private Task TellAsync(string? fault)
    {
        _host.Get<InstanceFaults>().Tell("disk", fault);
        return _host.Get<InstanceStore>().ReportAsync(CancellationToken.None);
    }

    private async Task<long> RunningAsync(Job job, long group)
    {
        var id = await DispatchRig.LaunchAsync(_host, job, group);
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        return id;
    }

    /// <summary>A job that waits for a project update.</summary>
    private async Task<long> BlockedAsync(long update)
    {
        var group = await _rig.GroupAsync(maxJobs: 1);
        var before = await RunningAsync(new Job { Name = "run_for=ever" }, group);
        var id = await DispatchRig.LaunchAsync(_host, "print=1", group);
        await using (var db = _rig.Open())
        {
            await db.Jobs.Where(j => j.Id == id).ExecuteUpdateAsync(s => s.SetProperty(j => j.ProjectUpdateId, update));
        }

        await CancelAsync(before);
        await _rig.EndedAsync(before);
        return id;
    }

    private async Task<long> UpdateAsync(string name)
    {
        var project = await AddAsync(new Project { Name = name, ScmType = ScmTypes.Git, ScmUrl = "https://git.example.org/x.git" });
        return await AddAsync(new ProjectUpdate { Name = name, ProjectId = project, Status = JobStatuses.Running, ControllerNode = "elsewhere" });
    }

    private async Task EndAsync(long update, string status)
    {
        await using var db = _rig.Open();
        await db.ProjectUpdates.Where(u => u.Id == update).ExecuteUpdateAsync(s => s.SetProperty(u => u.Status, status));
        _host.Get<WakeUps>().Pulse(WakeUpNames.ProjectUpdates);
        _host.Get<WakeUps>().Pulse(WakeUpNames.Dispatch);
    }

    private async Task<long> AddAsync<T>(T row)
        where T : Entity
    {
        await using var db = _rig.Open();
        db.Add(row);
        await db.SaveChangesAsync();
        return row.Id;
    }

    private Task CancelAsync(long id) => _host.Get<JobCanceler>().CancelAsync(id, CancellationToken.None);
}
