using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>The table of our failures (design, section 5), row by row.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class FailureTableTests(DatabaseKind kind)
{
    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _host = await _rig.StartHostAsync();
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [Test]
    public async Task WellBehavedJob_EndsSuccessfulWithItsOutput()
    {
        var group = await _rig.GroupAsync();

        var id = await DispatchRig.LaunchAsync(_host, "print=3", group);

        var job = await _rig.EndedAsync(id);
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Successful));
        Assert.That(await _rig.OutputAsync(id), Is.EqualTo("1\n2\n3\n"u8.ToArray()));
        await _rig.EventuallyAsync(() => _rig.Environments.Count == 0, "the environment is gone");
    }
}
