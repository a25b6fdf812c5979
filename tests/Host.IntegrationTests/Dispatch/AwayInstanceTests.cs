using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>Jobs on instances, which nobody but the instance's own host can reach: while it is away they wait for it.</summary>
[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
public sealed class AwayInstanceTests(DatabaseKind kind)
{
    private const string Silence = "Instance beta has not been heard from since 2026-01-01 00:0";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private DispatchRig _rig = null!;
    private DispatchHost _alpha = null!;
    private DispatchHost _beta = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _rig.Settings["Plugins:Settings:fake:uses_instances"] = "true";
        _rig.Settings["Plugins:Settings:fake:reachable_from_any_host"] = "false";
        _alpha = await _rig.StartHostAsync();
        _beta = await _rig.StartHostAsync("beta");
        _group = await _rig.GroupAsync(instances: "beta");
    }

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task JobsOfAnInstance_AreRunByItsOwnHostOnly()
    {
        var jobs = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            jobs.Add(await DispatchRig.LaunchAsync(_alpha, "print=1", _group));
        }

        foreach (var id in jobs)
        {
            var job = await _rig.EndedAsync(id);
            Assert.That((job.Status, job.ExecutionNode, job.ControllerNode), Is.EqualTo((JobStatuses.Successful, "beta", "beta")));
        }

        Assert.That(_rig.Calls.All.Where(c => jobs.Contains(c.JobId)).Select(c => c.Host), Is.All.EqualTo("beta"));
    }

    [Test]
    public async Task RunningJob_WaitsForItsInstance_AndIsFinishedWhenItReturns()
    {
        var id = await AwayAsync(new Job { Name = "print=1000 run_for=1m" });

        _beta = await _rig.StartHostAsync("beta");

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.JobExplanation, job.Attempt), Is.EqualTo((JobStatuses.Successful, "", 1)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
        Assert.That(await _rig.OutputAsync(id), Has.Length.EqualTo(3893));
        await _rig.EventuallyAsync(() => _rig.Environments.Count == 0, "the environment is gone");
    }

    [Test]
    public async Task CanceledMeanwhile_IsCanceledWithoutItsInstance_WhichEndsTheProgramWhenItReturns()
    {
        var id = await AwayAsync(new Job { Name = "run_for=ever" });

        Assert.That(await _alpha.Get<JobCanceler>().CancelAsync(id, CancellationToken.None), Is.True);

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");
        Assert.That((job.Status, job.Failed), Is.EqualTo((JobStatuses.Canceled, true)));
        Assert.That(job.JobExplanation, Does.StartWith(Silence));
        await EndedOnReturnAsync(id);
    }

    [Test]
    public async Task OutOfTimeMeanwhile_IsAnError()
    {
        var id = await AwayAsync(new Job { Name = "run_for=ever", Timeout = 300 });

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That(job.Status, Is.EqualTo(JobStatuses.Error));
        Assert.That(job.JobExplanation, Does.StartWith(Silence).And.EndWith("The job's time limit has passed meanwhile."));
        Assert.That(job.Finished - job.Started, Is.GreaterThan(TimeSpan.FromSeconds(300)));
        await EndedOnReturnAsync(id);
    }

    [Test]
    public async Task NotYetStarted_GoesToAnotherInstance()
    {
        var second = await _rig.GroupAsync(instances: "alpha");
        _rig.Calls.Interpose = call =>
        {
            if (call is { Host: "beta", Member: "provision", Ended: true })
            {
                _beta.Fuse.Blow();
                _beta.Fuse.Step("by order");
            }

            return Task.CompletedTask;
        };
        var id = await DispatchRig.LaunchAsync(_alpha, "print=1", _group, second);
        await _rig.EventuallyAsync(() => !_beta.Lives, "the instance's host is dead");
        await _beta.KillAsync();

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.ExecutionNode, job.Attempt), Is.EqualTo((JobStatuses.Successful, "alpha", 2)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
    }

    /// <summary>A job that runs on an instance whose host has been silent for so long that it is shown.</summary>
    private async Task<long> AwayAsync(Job job)
    {
        var id = await DispatchRig.LaunchAsync(_alpha, job, _group);
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        await _beta.KillAsync();
        var away = await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation.Length > 0, "it says what it waits for");
        Assert.That(away.JobExplanation, Does.StartWith(Silence));
        Assert.That((away.Status, away.ExecutionNode), Is.EqualTo((JobStatuses.Running, "beta")));
        return id;
    }

    private async Task EndedOnReturnAsync(long id)
    {
        var status = (await _rig.FindAsync(id)).Status;
        Assert.That(_rig.EnvironmentsOf(id), Has.Count.EqualTo(1));

        _beta = await _rig.StartHostAsync("beta");

        await _rig.EventuallyAsync(() => _rig.Environments.Count == 0, "its host has ended the program and removed the environment");
        Assert.That((await _rig.FindAsync(id)).Status, Is.EqualTo(status));
    }
}
