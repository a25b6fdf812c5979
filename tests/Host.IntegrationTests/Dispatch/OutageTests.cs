using ContainerGroups.Abstractions;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>A backend that is away for a while, and what is told of the jobs that run on it meanwhile.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class OutageTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private DispatchRig _rig = null!;

    [SetUp]
    public async Task SetUpAsync() => _rig = await DispatchRig.CreateAsync(kind);

    [TearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task Over_IsNoMoreToldOfAProgramThatRunsOn()
    {
        var host = await _rig.StartHostAsync();
        var id = await DispatchRig.LaunchAsync(host, "print=5000000 run_for=ever", await _rig.GroupAsync());
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        _rig.Calls.Interpose = call => call.Member is "output" or "reattach"
            ? Task.FromException(new BackendException(BackendFailureReason.Unreachable, "The backend can't be reached.", isTransient: true))
            : Task.CompletedTask;
        var away = await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation.Length > 0, "it is told that the backend can't be reached");

        _rig.Calls.Interpose = null;
        var back = await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation.Length == 0, "it is told no more");
        var later = await _rig.PassTimeUntilAsync(Step, id, j => j.SpoolOffset > back.SpoolOffset, "more of its output is stored");

        Assert.That(away.JobExplanation, Is.EqualTo("The backend can't be reached."));
        Assert.That((back.Status, back.Finished), Is.EqualTo((JobStatuses.Running, (DateTime?)null)));
        Assert.That((later.Status, later.Finished, later.JobExplanation), Is.EqualTo((JobStatuses.Running, (DateTime?)null, "")));
    }
}
