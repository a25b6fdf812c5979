using System.Text;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>A host is killed between any two steps of a job; the next one on the same data finishes it.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class CrashTests(DatabaseKind kind)
{
    /// <summary>More than this and the way of a job has no end.</summary>
    private const int MostSteps = 80;

    private const int Lines = 5000;

    private static readonly string Expected = string.Concat(Enumerable.Range(1, Lines).Select(n => $"{n}\n"));

    private DispatchRig _rig = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync() => _rig = await DispatchRig.CreateAsync(kind);

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task KilledBetweenAnyTwoSteps_TheJobIsFinishedAsIfNothingHadHappened()
    {
        var host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();

        var died = await CrashPoints.DieAtEachAsync(async step =>
        {
            var fuse = host.Fuse;
            fuse.ArmAt(step);
            var id = await LaunchAsync(host, $"print={Lines} step={step?.Replace(' ', '-')}");
            var hasDied = await DoneAsync(id, fuse.Died) != "";
            if (hasDied)
            {
                await host.KillAsync();
                host = await _rig.StartHostAsync();
            }

            if (id is { } left)
            {
                await FinishedAsync(left, $"after the kill {step}");
            }

            return (fuse.Made, hasDied);
        });

        Assert.That(died, Is.SupersetOf(new[]
        {
            "before a commit 1", "after a commit 1", "before provision 1", "after provision 1", "before start 1", "after start 1",
            "before destroy 1", "after destroy 1",
        }));
    }

    [Test]
    public async Task HostsThatDieAgainAndAgain_StillGetAheadTogether()
    {
        var host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
        var id = (await LaunchAsync(host, $"print={Lines}"))!.Value;

        // Each lives a step longer than the one before.
        var hosts = 1;
        while (true)
        {
            host.Fuse.Arm(hosts);
            if (await DoneAsync(id, host.Fuse.Died) == "")
            {
                break;
            }

            await host.KillAsync();
            host = await _rig.StartHostAsync();
            hosts++;
            Assert.That(hosts, Is.LessThan(MostSteps));
        }

        await FinishedAsync(id, $"after {hosts} hosts");
    }

    [Test]
    public async Task StoppedPolitely_LetsTheJobGo_AndTheNextHostGoesOnWhereItWas()
    {
        var host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
        var id = (await LaunchAsync(host, $"print={Lines} run_for=10000s"))!.Value;
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(10), id, j => j.SpoolOffset > 0, "some of its output is stored");

        await host.StopAsync();
        var stored = (await _rig.FindAsync(id)).SpoolOffset;
        _rig.Clock.Advance(TimeSpan.FromSeconds(10001));
        host = await _rig.StartHostAsync();

        await FinishedAsync(id, "after the stop");
        Assert.That(stored, Is.InRange(1, Expected.Length - 1));
        Assert.That((await _rig.FindAsync(id)).Attempt, Is.EqualTo(1));
    }

    [Test]
    public async Task KilledBeforeACanceledProgramIsStopped_TheNextHostStopsItPolitelyAndReadsTheRest()
    {
        var host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
        var id = (await LaunchAsync(host, $"print={Lines} print_for=10000s run_for=ever"))!.Value;
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(10), id, j => j.SpoolOffset > 0, "some of its output is stored");

        host.Fuse.ArmAt("before cancel 1");
        await host.Get<JobCanceler>().CancelAsync(id, CancellationToken.None);
        await Eventually.EndAsync(host.Fuse.Died, "the host dies before the program is stopped");
        await host.KillAsync();
        var stored = (await _rig.FindAsync(id)).SpoolOffset;
        // The program goes on printing.
        _rig.Clock.Advance(TimeSpan.FromSeconds(10001));
        await _rig.StartHostAsync();

        var job = await _rig.UntilAsync(id, j => JobStateMachine.IsFinal(j.Status) && !j.DestroyPending, "it is done");
        Assert.That((job.Status, job.JobExplanation, job.Attempt), Is.EqualTo((JobStatuses.Canceled, "", 1)));
        Assert.That(_rig.Calls.All.Count(call => call is { Member: "cancel", Ended: true } && call.JobId == id), Is.EqualTo(1));
        Assert.That(stored, Is.InRange(1, Expected.Length - 1));
        Assert.That(Encoding.ASCII.GetString(await _rig.OutputAsync(id)), Is.EqualTo(Expected));
        Assert.That((_rig.Starts(id), _rig.EnvironmentsOf(id).Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task KilledBeforeACanceledProgramIsStopped_AndOutOfReachSince_TheJobEndsAllTheSame()
    {
        var host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
        var id = (await LaunchAsync(host, "run_for=ever outage_after=100s outage_for=ever"))!.Value;
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");

        host.Fuse.ArmAt("before cancel 1");
        await host.Get<JobCanceler>().CancelAsync(id, CancellationToken.None);
        await Eventually.EndAsync(host.Fuse.Died, "the host dies before the program is stopped");
        await host.KillAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(100));
        await _rig.StartHostAsync();

        var since = _rig.Clock.GetUtcNow().UtcDateTime;
        var job = await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(1), id, j => j.Finished is not null, "it has ended");
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(job.Finished - since, Is.InRange(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)));
    }

    /// <returns>Null when the host died before anything was stored.</returns>
    private async Task<long?> LaunchAsync(DispatchHost host, string script)
    {
        try
        {
            return await DispatchRig.LaunchAsync(host, script, _group);
        }
        catch (Exception) when (host.Fuse.Died.IsCompleted)
        {
            await using var db = _rig.Open();
            return await db.Jobs.Where(j => j.Name == script).Select(j => (long?)j.Id).SingleOrDefaultAsync();
        }
    }

    /// <summary>Waits until nothing is left to do, or the host is dead.</summary>
    /// <returns>Empty for the first.</returns>
    private async Task<string> DoneAsync(long? id, Task<string> died)
    {
        await _rig.EventuallyAsync(async () => died.IsCompleted || await IsDoneAsync(id), () => $"job {id} is done");
        return await IsDoneAsync(id) && !died.IsCompleted ? "" : await died;
    }

    private async Task<bool> IsDoneAsync(long? id) =>
        id is { } stored && await _rig.FindAsync(stored) is { DestroyPending: false } job && JobStateMachine.IsFinal(job.Status);

    private async Task FinishedAsync(long id, string when)
    {
        await _rig.UntilAsync(id, j => JobStateMachine.IsFinal(j.Status) && !j.DestroyPending, $"it is done {when}");
        var job = await _rig.FindAsync(id);
        Assert.That((job.Status, job.JobExplanation, job.ExitCode), Is.EqualTo((JobStatuses.Successful, "", 0)), when);
        Assert.That(_rig.Starts(id), Is.EqualTo(1), when);
        Assert.That(Encoding.ASCII.GetString(await _rig.OutputAsync(id)), Is.EqualTo(Expected), when);
        Assert.That(_rig.EnvironmentsOf(id), Is.Empty, when);
    }
}
