using ContainerGroups.Abstractions;
using ContainerGroups.Host.Dispatch;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>Nothing stays behind that nobody owns, and nothing goes that somebody does.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class RemovalTests(DatabaseKind kind)
{
    private const long DeletedJob = 900_001;

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
    }

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task Sweep_RemovesWhatNobodyOwns_AndNothingElse()
    {
        var running = await DispatchRig.LaunchAsync(_host, "run_for=ever", _group);
        await _rig.UntilAsync(running, j => j.Status == JobStatuses.Running, "it runs");
        var current = _rig.EnvironmentsOf(running);
        await ProvisionAsync(running, attempt: 7);
        await ProvisionAsync(DeletedJob, attempt: 1);
        var foreign = _rig.AddForeignEnvironment();
        await _rig.PassTimeAsync(Grace / 2);
        await ProvisionAsync(DeletedJob + 1, attempt: 1);
        await _rig.PassTimeAsync((Grace / 2) - TimeSpan.FromSeconds(1));

        await _host.Get<EnvironmentSweeper>().SweepAsync(CancellationToken.None);
        Assert.That(_rig.Environments, Has.Count.EqualTo(5), "all are younger than the grace");

        await _rig.PassTimeAsync(TimeSpan.FromSeconds(1));
        await _host.Get<EnvironmentSweeper>().SweepAsync(CancellationToken.None);

        Assert.That(_rig.Environments, Is.EquivalentTo(new[] { current[0], foreign, _rig.EnvironmentsOf(DeletedJob + 1)[0] }));
    }

    [Test]
    public async Task Sweep_ComesByItself()
    {
        await ProvisionAsync(DeletedJob, attempt: 1);

        await _rig.PassTimeAsync(Grace);
        await _rig.PassTimeAsync(Grace);

        await _rig.EventuallyAsync(() => _rig.Environments.Count == 0, "it was swept away");
    }

    [Test]
    public async Task Sweep_OneThatCannotBeRemoved_DoesNotKeepTheOthers()
    {
        for (var i = 0; i < 5; i++)
        {
            await ProvisionAsync(DeletedJob + i, attempt: 1, jobName: i % 2 == 0 ? "throw=destroy" : "");
        }

        await _rig.PassTimeAsync(Grace);
        await _host.Get<EnvironmentSweeper>().SweepAsync(CancellationToken.None);

        Assert.That(_rig.Environments, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task RemovalThatFails_IsRepeated()
    {
        var failures = 0;
        _rig.Calls.Interpose = call => call is { Member: "destroy", Ended: false } && failures++ < 3
            ? throw new InvalidOperationException("It can't be removed now.")
            : Task.CompletedTask;
        var id = await DispatchRig.LaunchAsync(_host, "print=1", _group);
        await _rig.EndedAsync(id);

        var job = await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(5), id, j => !j.DestroyPending, "its environment is removed");

        Assert.That(job.Status, Is.EqualTo(JobStatuses.Successful), "a removal that fails changes nothing of how the job ended");
        Assert.That(_rig.Environments, Is.Empty);
        Assert.That(failures, Is.EqualTo(4));
    }

    [Test]
    public async Task RemovalThatIsRefusedToWhatTheRunnerKnew_IsTriedAtOnceByWhatTheRowsSay()
    {
        var refusals = 0;
        _rig.Calls.Interpose = call => call is { Member: "destroy", Ended: false } && refusals++ == 0
            ? throw new BackendException(BackendFailureReason.Unauthorized, "The token has expired.", isTransient: true)
            : Task.CompletedTask;
        var id = await DispatchRig.LaunchAsync(_host, "print=1", _group);

        // The clock stands still: there is no pause between the two.
        await _rig.UntilAsync(id, j => j.Finished != null && !j.DestroyPending, "its environment is removed");

        Assert.That(_rig.Environments, Is.Empty);
        Assert.That(refusals, Is.EqualTo(2));
    }

    [Test]
    public async Task RemovalThatFailed_IsRepeatedByTheNextHost()
    {
        _rig.Calls.Interpose = call => call is { Member: "destroy", Ended: false }
            ? throw new InvalidOperationException("It can't be removed now.")
            : Task.CompletedTask;
        var id = await DispatchRig.LaunchAsync(_host, "print=1", _group);
        await _rig.EndedAsync(id);
        await _rig.EventuallyAsync(() => _rig.Calls.All.Any(c => c.Member == "destroy"), "its removal was tried");
        await _host.KillAsync();
        _rig.Calls.Interpose = null;

        await _rig.StartHostAsync();

        // The clock stands still: the next host tries at once.
        await _rig.UntilAsync(id, j => !j.DestroyPending, "its environment is removed");
        Assert.That(_rig.Environments, Is.Empty);
    }

    [Test]
    public async Task DeletedRow_LeavesItsEnvironmentToTheSweep()
    {
        _rig.Calls.Interpose = call => call is { Member: "destroy", Ended: false }
            ? throw new InvalidOperationException("It can't be removed now.")
            : Task.CompletedTask;
        var id = await DispatchRig.LaunchAsync(_host, "print=1", _group);
        await _rig.EndedAsync(id);
        using var admin = _host.Admin();
        Assert.That((await admin.DeleteAsync($"jobs/{id}/")).Status, Is.EqualTo(System.Net.HttpStatusCode.NoContent));
        _rig.Calls.Interpose = null;

        await _rig.PassTimeAsync(Grace);
        await _host.Get<EnvironmentSweeper>().SweepAsync(CancellationToken.None);

        Assert.That(_rig.Environments, Is.Empty);
    }

    /// <summary>An environment as a host leaves it that dies at the wrong moment.</summary>
    private Task<EnvironmentHandle> ProvisionAsync(long jobId, int attempt, string jobName = "") =>
        _host.Get<PluginCatalog>().GetBackend("fake").ProvisionAsync(
            new ProvisionRequest
            {
                Target = new BackendTarget { InstanceGroupId = _group, InstanceGroupName = "group" },
                JobId = jobId,
                Attempt = attempt,
                JobName = jobName,
            },
            CancellationToken.None);
}
