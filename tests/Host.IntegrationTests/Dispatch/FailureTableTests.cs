using ContainerGroups.Abstractions;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>The table of our failures before the program was started (design, section 5), row by row.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class FailureTableTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

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
    public async Task NoFailure_EndsSuccessfulWithItsOutputAndLeavesNothing()
    {
        var group = await _rig.GroupAsync();

        var id = await DispatchRig.LaunchAsync(_host, "print=3", group);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.JobExplanation, job.ExitCode), Is.EqualTo((JobStatuses.Successful, "", 0)));
        Assert.That(await _rig.OutputAsync(id), Is.EqualTo("1\n2\n3\n"u8.ToArray()));
        await _rig.EventuallyAsync(() => _rig.Environments.Count == 0, "the environment is gone");
    }

    [Test]
    public async Task ProgramThatFails_IsFailed_NotError()
    {
        var id = await DispatchRig.LaunchAsync(_host, "exit=3", await _rig.GroupAsync());

        var job = await _rig.EndedAsync(id);

        Assert.That((job.Status, job.ExitCode, job.Failed), Is.EqualTo((JobStatuses.Failed, 3, true)));
        Assert.That(job.JobExplanation, Is.EqualTo("The command ended with exit code 3."));
    }

    [TestCase("provision_error=Forbidden")]
    [TestCase("provision_error=InvalidSettings")]
    [TestCase("provision_error=UnsuitableImage")]
    [TestCase("provision_error=ImagePullFailed")]
    [TestCase("provision_error=Unschedulable")]
    [TestCase("start_error=Forbidden")]
    [TestCase("start_error=ProgramNotFound")]
    [TestCase("throw=provision")]
    [TestCase("throw=start")]
    public async Task PermanentFailure_EndsTheJobAtOnce_ThoughAnotherGroupWouldTakeIt(string script)
    {
        var id = await DispatchRig.LaunchAsync(_host, script, await _rig.GroupAsync(), await _rig.GroupAsync());

        // The clock stands still: nothing was waited for.
        var job = await _rig.EndedAsync(id);

        Assert.That((job.Status, job.Attempt, job.Started), Is.EqualTo((JobStatuses.Error, 1, (DateTime?)null)));
        Assert.That(job.JobExplanation, Does.Contain(script.Split('=')[1]));
        Assert.That(_rig.Starts(id), Is.Zero);
        await _rig.EventuallyAsync(() => _rig.EnvironmentsOf(id).Count == 0, "the environment is gone");
    }

    [TestCase(BackendFailureReason.QuotaExceeded)]
    [TestCase(BackendFailureReason.Unreachable)]
    [TestCase(BackendFailureReason.Unauthorized)]
    [TestCase(BackendFailureReason.StartTimeout)]
    public async Task Refusal_FallsToTheNextGroupInOrder(BackendFailureReason reason)
    {
        var refusing = await _rig.GroupAsync($"start_error={reason}");
        var alsoRefusing = await _rig.GroupAsync($"provision_error={reason}");
        var taking = await _rig.GroupAsync();

        var id = await DispatchRig.LaunchAsync(_host, "print=1", refusing, alsoRefusing, taking);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.InstanceGroupId, job.Attempt), Is.EqualTo((JobStatuses.Successful, taking, 3)));
        Assert.That(job.JobExplanation, Is.Empty);
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
        await _rig.EventuallyAsync(() => _rig.EnvironmentsOf(id).Count == 0, "what the refusing groups had made is gone too");
    }

    [Test]
    public async Task RefusedEverywhere_WaitsLongerEachTime_WithTheReasonVisible()
    {
        var id = await DispatchRig.LaunchAsync(_host, "provision_error=Unreachable provision_error_times=3", await _rig.GroupAsync());

        foreach (var (failures, seconds) in new[] { (1, 5), (2, 10), (3, 20) })
        {
            var waiting = await _rig.UntilAsync(id, j => j.StartFailures == failures && j.Status == JobStatuses.Pending, "it was refused again");
            Assert.That(waiting.NotBefore, Is.EqualTo(_rig.Clock.GetUtcNow().UtcDateTime.AddSeconds(seconds)));
            Assert.That(waiting.JobExplanation, Is.EqualTo("The fake was told to fail with Unreachable."));
            Assert.That((waiting.InstanceGroupId, waiting.ExecutionNode, waiting.ControllerNode), Is.EqualTo(((long?)null, "", "")));
            _rig.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Successful, "")));
    }

    [Test]
    public async Task RefusedForTwoHours_EndsAsErrorWithTheReason()
    {
        var id = await DispatchRig.LaunchAsync(_host, "provision_error=QuotaExceeded", await _rig.GroupAsync());

        var job = await _rig.PassTimeUntilAsync(TimeSpan.FromMinutes(5), id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Error, "The fake was told to fail with QuotaExceeded.")));
        // The runner takes its time while the clock is moved: how much later is not the point, only that it is not sooner.
        Assert.That(job.Finished - job.RefusedSince, Is.GreaterThanOrEqualTo(TimeSpan.FromHours(2)));
    }

    [Test]
    public async Task NoRoom_IsWaitedForAWhileAndShown_ThenTheNextGroupIsTried()
    {
        var full = await _rig.GroupAsync("provision_for=ever waiting_for=InsufficientCapacity");
        var free = await _rig.GroupAsync();
        var id = await DispatchRig.LaunchAsync(_host, "print=1", full, free);

        await _rig.UntilAsync(
            id, j => j is { Status: JobStatuses.Waiting, JobExplanation: "The fake waits for InsufficientCapacity." }, "it waits, and says for what");
        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.InstanceGroupId), Is.EqualTo((JobStatuses.Successful, free)));
        Assert.That(job.Started - job.Created, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task NoRoomAnywhere_IsWaitedForUntilThePendingTimeout()
    {
        var id = await DispatchRig.LaunchAsync(_host, "provision_for=ever waiting_for=InsufficientCapacity", await _rig.GroupAsync());
        await _rig.UntilAsync(id, j => j.JobExplanation.Length > 0, "it says for what it waits");

        var job = await _rig.PassTimeUntilAsync(TimeSpan.FromMinutes(10), id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Error, "The fake waits for InsufficientCapacity.")));
        Assert.That(job.Finished - job.Created, Is.GreaterThanOrEqualTo(TimeSpan.FromHours(2)));
    }

    [TestCase(BackendFailureReason.EnvironmentLost)]
    [TestCase(BackendFailureReason.Evicted)]
    public async Task LostBeforeTheStart_GetsThreeAttempts(BackendFailureReason reason)
    {
        var id = await DispatchRig.LaunchAsync(_host, $"start_error={reason}", await _rig.GroupAsync());

        var job = await _rig.EndedAsync(id);

        Assert.That((job.Status, job.Attempt), Is.EqualTo((JobStatuses.Error, 3)));
        Assert.That(_rig.Starts(id), Is.Zero);
        await _rig.EventuallyAsync(() => _rig.EnvironmentsOf(id).Count == 0, "no attempt left an environment");
    }

    [Test]
    public async Task LostBeforeTheStart_AfterRefusalsElsewhere_StillGetsItsAttempts()
    {
        var refusing = await _rig.GroupAsync("provision_error=QuotaExceeded");
        var losing = await _rig.GroupAsync("provision_error=EnvironmentLost provision_error_times=2");

        var id = await DispatchRig.LaunchAsync(_host, "print=1", refusing, losing);

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Status, job.Attempt), Is.EqualTo((JobStatuses.Successful, 4)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
    }
}
