using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>Who runs what, where and when: limits hold, seen from the backend, and nothing is passed over.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class ClaimTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _rig.Settings["Dispatch:ClaimBatch"] = "5";
        _host = await _rig.StartHostAsync();
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task MaxConcurrentJobs_IsNeverExceeded()
    {
        var group = await _rig.GroupAsync(maxJobs: 2);

        var jobs = await LaunchAsync(10, "run_for=2s", group);

        await EndedAsync(jobs);
        Assert.That(_rig.Calls.MostAtOnce(jobs), Is.EqualTo(2));
        Assert.That(jobs.Select(_rig.Starts), Is.All.EqualTo(1));
    }

    [Test]
    public async Task MaxForks_IsNeverExceeded()
    {
        var group = await _rig.GroupAsync(maxForks: 3);

        var jobs = await LaunchAsync(8, "run_for=2s", group);

        await EndedAsync(jobs);
        Assert.That(_rig.Calls.MostAtOnce(jobs), Is.InRange(2, 3), "together, as far as they were claimed in time, and never more");
    }

    [Test]
    public async Task FullFirstGroup_FallsToTheSecondInOrder()
    {
        var first = await _rig.GroupAsync(maxJobs: 1);
        var second = await _rig.GroupAsync(maxJobs: 2);

        var jobs = await LaunchAsync(3, "run_for=5s", first, second);

        foreach (var id in jobs)
        {
            await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        }

        var groups = new List<long?>();
        foreach (var id in jobs)
        {
            groups.Add((await _rig.FindAsync(id)).InstanceGroupId);
        }

        Assert.That(groups, Is.EqualTo(new long?[] { first, second, second }));
        await EndedAsync(jobs);
    }

    [Test]
    public async Task TemplateThatAllowsOneJobAtATime_RunsThemOneAfterTheOther()
    {
        var template = await TemplateAsync();
        var group = await _rig.GroupAsync();
        var jobs = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            jobs.Add(await DispatchRig.LaunchAsync(_host, new Job { Name = "run_for=1s", JobTemplateId = template }, group));
        }

        await EndedAsync(jobs);

        Assert.That(_rig.Calls.MostAtOnce(jobs), Is.EqualTo(1));
        Assert.That(Started(jobs), Is.EqualTo(jobs), "oldest first");
    }

    [Test]
    public async Task ManyBlockedJobs_DoNotKeepTheOthersFromBeingSeen()
    {
        // More than the pages that one round looks through.
        var template = await TemplateAsync();
        var group = await _rig.GroupAsync();
        var blocker = await DispatchRig.LaunchAsync(_host, new Job { Name = "run_for=ever", JobTemplateId = template }, group);
        await _rig.UntilAsync(blocker, j => j.Status == JobStatuses.Running, "the first one runs");
        var blocked = new List<long>();
        for (var i = 0; i < 60; i++)
        {
            blocked.Add(await DispatchRig.LaunchAsync(_host, new Job { Name = "exit=0", JobTemplateId = template }, group));
        }

        var other = await DispatchRig.LaunchAsync(_host, "print=1", group);

        Assert.That((await _rig.EndedAsync(other)).Status, Is.EqualTo(JobStatuses.Successful));
        Assert.That(blocked.Select(_rig.Starts), Is.All.Zero);
        foreach (var id in blocked.Append(blocker))
        {
            await _host.Get<Jobs.JobCanceler>().CancelAsync(id, CancellationToken.None);
        }
    }

    [Test]
    public async Task GroupWithoutRoomForOne_StillTakesOthersThatFit()
    {
        var full = await _rig.GroupAsync(maxJobs: 1);
        var running = await DispatchRig.LaunchAsync(_host, "run_for=ever", full);
        await _rig.UntilAsync(running, j => j.Status == JobStatuses.Running, "it runs");
        var waiting = await DispatchRig.LaunchAsync(_host, "print=1", full);

        var younger = await DispatchRig.LaunchAsync(_host, "print=1", await _rig.GroupAsync());

        Assert.That((await _rig.EndedAsync(younger)).Status, Is.EqualTo(JobStatuses.Successful));
        Assert.That((await _rig.FindAsync(waiting)).Status, Is.EqualTo(JobStatuses.Pending));
        await _host.Get<Jobs.JobCanceler>().CancelAsync(running, CancellationToken.None);
        Assert.That((await _rig.EndedAsync(waiting)).Status, Is.EqualTo(JobStatuses.Successful), "room was made, and it was told at once");
    }

    private async Task<long> TemplateAsync()
    {
        await using var db = _rig.Open();
        var template = new JobTemplate { Name = $"template-{Guid.NewGuid():N}" };
        db.JobTemplates.Add(template);
        await db.SaveChangesAsync();
        return template.Id;
    }

    private async Task<List<long>> LaunchAsync(int count, string script, params long[] groups)
    {
        var jobs = new List<long>();
        for (var i = 0; i < count; i++)
        {
            jobs.Add(await DispatchRig.LaunchAsync(_host, script, groups));
        }

        return jobs;
    }

    private async Task EndedAsync(IReadOnlyList<long> jobs)
    {
        foreach (var id in jobs)
        {
            var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");
            Assert.That(job.Status, Is.EqualTo(JobStatuses.Successful), job.JobExplanation);
        }
    }

    private IEnumerable<long> Started(IReadOnlyCollection<long> jobs) =>
        _rig.Calls.All.Where(c => c is { Member: "start", Ended: false } && jobs.Contains(c.JobId)).Select(c => c.JobId);
}
