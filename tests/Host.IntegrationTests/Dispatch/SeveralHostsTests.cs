using System.Text;
using ContainerGroups.Host.Dispatch;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>Several hosts, and environments that any of them can reach.</summary>
[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
public sealed class SeveralHostsTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly string Expected = string.Concat(Enumerable.Range(1, 5000).Select(n => $"{n}\n"));

    private DispatchRig _rig = null!;
    private DispatchHost _alpha = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _alpha = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
    }

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task RacingForManyJobs_RunEachOnce_AndExceedNoLimit()
    {
        const int Jobs = 200;
        var beta = await _rig.StartHostAsync("beta");
        var group = await _rig.GroupAsync(maxJobs: 10);

        var launches = await Task.WhenAll(LaunchAsync(_alpha, Jobs / 2, group), LaunchAsync(beta, Jobs / 2, group));

        await _rig.EventuallyAsync(
            async () =>
            {
                await using var db = _rig.Open();
                return await db.Jobs.CountAsync(j => j.Status == JobStatuses.Successful) == Jobs;
            },
            () => "all jobs have ended well");
        var jobs = launches.SelectMany(ids => ids).ToList();
        Assert.That(jobs, Is.Unique.And.Exactly(Jobs).Items);
        Assert.That(jobs.Select(_rig.Starts), Is.All.EqualTo(1));
        Assert.That(_rig.Calls.MostAtOnce(jobs), Is.InRange(1, 10));
        await using var db = _rig.Open();
        Assert.That(await db.Jobs.Select(j => j.ClaimEpoch).Distinct().ToListAsync(), Is.EqualTo(new[] { 1 }), "nobody took a job from another");
    }

    [Test]
    public async Task SilentHost_ItsJobsAreTakenOver_AndRunOnce()
    {
        var id = await RunningAsync("print=5000 run_for=10m");
        var beta = await _rig.StartHostAsync("beta");
        await _alpha.KillAsync();

        var taken = await _rig.PassTimeUntilAsync(Step, id, j => j.ControllerNode == beta.Name, "the other host has taken it over");
        var silence = _rig.Clock.GetUtcNow() - FakeStart;
        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That(taken.Status, Is.EqualTo(JobStatuses.Running));
        Assert.That(silence, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(2)));
        Assert.That((job.Status, job.Attempt), Is.EqualTo((JobStatuses.Successful, 1)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
        Assert.That(Encoding.ASCII.GetString(await _rig.OutputAsync(id)), Is.EqualTo(Expected));
        await _rig.EventuallyAsync(() => _rig.Environments.Count == 0, "the environment is gone");
    }

    [Test]
    public async Task HostThatOnlySeemedDead_ChangesNothingAnyMore()
    {
        var id = await RunningAsync("print=5000 run_for=10s");
        var beta = await _rig.StartHostAsync("beta");

        // Alpha lives and follows its job, but the others take it for dead.
        await using (var db = _rig.Open())
        {
            await db.HostProcesses.Where(p => p.Hostname == _alpha.Name).ExecuteUpdateAsync(s => s.SetProperty(p => p.LastSeen, DateTime.UnixEpoch));
        }

        foreach (var claim in await beta.Get<JobReconciler>().TakeOverAsync(CancellationToken.None))
        {
            beta.Get<JobRunners>().Start(claim);
        }

        _rig.Clock.Advance(HostProcesses.Period);
        var job = await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(1), id, j => j.Finished is not null, "it has ended");
        Assert.That((job.Status, job.ControllerNode), Is.EqualTo((JobStatuses.Successful, beta.Name)));
        Assert.That(Encoding.ASCII.GetString(await _rig.OutputAsync(id)), Is.EqualTo(Expected));
        await _rig.EventuallyAsync(() => _alpha.Get<RunningJobs>().Count == 0, "the host that lost the job has let it go");
        Assert.That((await _rig.FindAsync(id)).Status, Is.EqualTo(JobStatuses.Successful));
    }

    [Test]
    public async Task CancelAtAnotherHost_ReachesTheRunner()
    {
        var id = await RunningAsync("run_for=ever");
        var beta = await _rig.StartHostAsync("beta");

        await beta.Get<Jobs.JobCanceler>().CancelAsync(id, CancellationToken.None);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.ControllerNode), Is.EqualTo((JobStatuses.Canceled, _alpha.Name)));
    }

    private static DateTimeOffset FakeStart => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static async Task<List<long>> LaunchAsync(DispatchHost host, int count, long group)
    {
        var jobs = new List<long>();
        for (var i = 0; i < count; i++)
        {
            jobs.Add(await DispatchRig.LaunchAsync(host, "print=1", group));
        }

        return jobs;
    }

    private async Task<long> RunningAsync(string script)
    {
        var id = await DispatchRig.LaunchAsync(_alpha, script, _group);
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        return id;
    }
}
