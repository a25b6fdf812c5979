using ContainerGroups.Host.IntegrationTests.Dispatch;
using ContainerGroups.Host.Jobs;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>
/// A host is killed between any two steps of a job in a pod: around each of its commits, and around each thing that it asks the cluster
/// to do. The next one on the same data finishes the job.
/// </summary>
internal sealed class PodCrashTests
{
    /// <summary>More than this and the way of a job has no end.</summary>
    private const int MostSteps = 80;

    private PodRig _rig = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync()
    {
        _rig = await PodRig.CreateAsync();
        await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
    }

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task KilledBetweenAnyTwoSteps_TheJobIsFinishedAsIfNothingHadHappened()
    {
        var died = await CrashPoints.DieAtEachAsync(async step =>
        {
            var fuse = _rig.Host.Fuse;
            _rig.CountRequests();
            fuse.ArmAt(step);
            var job = await LaunchAsync();
            var hasDied = !await IsDoneBeforeDeathAsync(job);
            if (hasDied)
            {
                await _rig.KillHostAsync();
                await _rig.StartHostAsync();
            }

            if (job is not null)
            {
                await _rig.AssertWellAsync(job, PodJob.Numbers, $"after the kill {step}");
            }

            Assert.That(_rig.Cluster.Pods, Is.Empty, $"after the kill {step}");
            return (fuse.Made, hasDied);
        });

        Assert.That(died, Is.SupersetOf(new[]
        {
            "before a commit 1", "after a commit 1", "before Create 1", "after Create 1", "before Exec 1", "after Exec 1",
            "before Delete 1", "after Delete 1",
        }));
    }

    [Test]
    public async Task HostsThatDieAgainAndAgain_StillGetAheadTogether()
    {
        var job = (await LaunchAsync())!;
        var hosts = 1;
        while (true)
        {
            // Each lives a step longer than the one before.
            _rig.CountRequests();
            _rig.Host.Fuse.Arm(hosts);
            if (await IsDoneBeforeDeathAsync(job))
            {
                break;
            }

            await _rig.KillHostAsync();
            await _rig.StartHostAsync();
            hosts++;
            Assert.That(hosts, Is.LessThan(MostSteps));
        }

        await _rig.AssertWellAsync(job, PodJob.Numbers, $"after {hosts} hosts");
    }

    [Test]
    public async Task StoppedPolitely_LetsTheJobGo_AndTheNextHostGoesOnWhereItWas()
    {
        var job = await _rig.RunningAsync(PodJob.PrintsUntilReleased, _group);
        await _rig.UntilAsync(job, row => row.SpoolOffset > 0, "some of its output is stored");

        await _rig.Host.StopAsync();
        var pod = await _rig.PodOfAsync(job);
        job.Release();
        await _rig.StartHostAsync();

        await _rig.AssertWellAsync(job, PodJob.Numbers);
        Assert.That(pod.IsDeleting, Is.False);
        Assert.That((await _rig.Hosts.FindAsync(job.Id)).Attempt, Is.EqualTo(1));
    }

    /// <returns>Null when the host died before anything was stored.</returns>
    private async Task<PodJob?> LaunchAsync()
    {
        try
        {
            return await _rig.LaunchAsync("seq 1 5000", _group);
        }
        catch (Exception) when (_rig.Host.Fuse.Died.IsCompleted)
        {
            await using var db = _rig.Hosts.Open();
            var id = await db.Jobs.Where(row => row.Name == _rig.LastMark).Select(row => (long?)row.Id).SingleOrDefaultAsync();
            return id is { } stored ? new PodJob(stored, _rig.LastMark) : null;
        }
    }

    private async Task<bool> IsDoneBeforeDeathAsync(PodJob? job)
    {
        var died = _rig.Host.Fuse.Died;
        await _rig.Hosts.EventuallyAsync(async () => died.IsCompleted || await IsDoneAsync(job), () => $"job {job?.Id} is done");
        return !died.IsCompleted && await IsDoneAsync(job);
    }

    private async Task<bool> IsDoneAsync(PodJob? job) =>
        job is not null && await _rig.Hosts.FindAsync(job.Id) is { DestroyPending: false } row && JobStateMachine.IsFinal(row.Status);
}
