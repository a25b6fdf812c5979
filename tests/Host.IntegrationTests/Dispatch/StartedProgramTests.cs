using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>The other column of the table of failures (design, section 5): a program that was started is never run again.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class StartedProgramTests(DatabaseKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private DispatchRig _rig = null!;
    private DispatchHost _host = null!;
    private long _group;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _host = await _rig.StartHostAsync();
        _group = await _rig.GroupAsync();
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _rig.DisposeAsync();

    [TestCase("EnvironmentLost")]
    [TestCase("Evicted")]
    public async Task Lost_IsAnErrorAndIsNotRunAgain(string reason)
    {
        var id = await DispatchRig.LaunchAsync(_host, $"run_for=10s lose_after=2s lose_reason={reason}", _group, await _rig.GroupAsync());

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.Attempt), Is.EqualTo((JobStatuses.Error, 1)));
        Assert.That(job.JobExplanation, Does.Contain("was lost"));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
        await _rig.EventuallyAsync(() => _rig.EnvironmentsOf(id).Count == 0, "what is left of the environment is gone");
    }

    [Test]
    public async Task Lost_KeepsItsLastWords()
    {
        // 100 lines, 292 bytes, over a second.
        var id = await DispatchRig.LaunchAsync(_host, "print=100 print_for=1s run_for=10s lose_after=900ms", _group);
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        await ReadAfterAsync(id, TimeSpan.FromMilliseconds(500));
        // What follows a write waits half a second for company: it is in no store yet when the environment is lost.
        await ReadAfterAsync(id, TimeSpan.FromMilliseconds(300));

        _rig.Clock.Advance(TimeSpan.FromMilliseconds(100));

        var job = await _rig.EndedAsync(id);
        Assert.That(job.Status, Is.EqualTo(JobStatuses.Error));
        Assert.That((await _rig.OutputAsync(id)).Length, Is.EqualTo(292 * 8 / 10));
        Assert.That(job.EventProcessingFinished, Is.True);
    }

    [Test]
    public async Task EndThatIsSeenLate_IsStoredAsItWas()
    {
        var id = await DispatchRig.LaunchAsync(_host, "run_for=20s", _group);
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");

        _rig.Clock.Advance(TimeSpan.FromMinutes(2));

        var job = await _rig.EndedAsync(id);
        Assert.That((job.Finished - job.Started, job.ElapsedSeconds), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(20), 20d)));
    }

    [Test]
    public async Task Outage_IsSatOutAndShown()
    {
        var id = await DispatchRig.LaunchAsync(_host, "print=1000 run_for=10s outage_after=1s outage_for=5s", _group);

        await _rig.PassTimeUntilAsync(Step, id, j => j.JobExplanation == "The fake can't be reached.", "it says what is wrong");
        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.JobExplanation, job.Attempt), Is.EqualTo((JobStatuses.Successful, "", 1)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
        Assert.That((await _rig.OutputAsync(id)).Length, Is.EqualTo(3893));
    }

    [Test]
    public async Task Outage_LongerThanTheTimeLimit_IsAnError()
    {
        var id = await DispatchRig.LaunchAsync(
            _host, new Job { Name = "run_for=ever outage_after=1s outage_for=ever", Timeout = 20 }, _group, await _rig.GroupAsync());

        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        var job = await _rig.PassTimeUntilAsync(TimeSpan.FromSeconds(5), id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.JobExplanation), Is.EqualTo((JobStatuses.Error, "The fake can't be reached.")));
        Assert.That(job.Finished - job.Started, Is.GreaterThan(TimeSpan.FromSeconds(20)).And.LessThan(TimeSpan.FromHours(2)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
    }

    [Test]
    public async Task BrokenStream_IsReadOnFromWhereItBroke()
    {
        var id = await DispatchRig.LaunchAsync(_host, "print=1000 output_error_at=1234", _group);

        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That(job.Status, Is.EqualTo(JobStatuses.Successful));
        var expected = string.Concat(Enumerable.Range(1, 1000).Select(n => $"{n}\n"));
        Assert.That(System.Text.Encoding.ASCII.GetString(await _rig.OutputAsync(id)), Is.EqualTo(expected));
    }

    [Test]
    public async Task StartThatFailsThoughItStarted_IsFollowed_NotRepeated()
    {
        var id = await DispatchRig.LaunchAsync(_host, "print=2 start_error_after=Unreachable", _group, await _rig.GroupAsync());

        var job = await _rig.EndedAsync(id);

        Assert.That((job.Status, job.InstanceGroupId, job.Attempt), Is.EqualTo((JobStatuses.Successful, _group, 1)));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
        Assert.That(await _rig.OutputAsync(id), Is.EqualTo("1\n2\n"u8.ToArray()));
    }

    [Test]
    public async Task LostWhileBeingStarted_MayHaveRun_AndIsNotRepeated()
    {
        var id = await DispatchRig.LaunchAsync(
            _host, "run_for=10s lose_after=0s start_error_after=Unreachable", _group, await _rig.GroupAsync());

        var job = await _rig.EndedAsync(id);

        Assert.That((job.Status, job.Attempt), Is.EqualTo((JobStatuses.Error, 1)));
        Assert.That(job.JobExplanation, Does.Contain("may have run"));
        Assert.That(_rig.Starts(id), Is.EqualTo(1));
    }

    [Test]
    public async Task TimeLimit_EndsTheJobAsFailed()
    {
        var id = await DispatchRig.LaunchAsync(_host, new Job { Name = "run_for=ever", Timeout = 3 }, _group);

        // Only then does time pass: the limit counts from the start of the program, which is stored a moment later.
        await _rig.UntilAsync(id, j => j.Status == JobStatuses.Running, "it runs");
        var job = await _rig.PassTimeUntilAsync(Step, id, j => j.Finished is not null, "it has ended");

        Assert.That((job.Status, job.JobExplanation, job.ExitCode), Is.EqualTo((JobStatuses.Failed, "Job terminated due to timeout", (int?)null)));
        Assert.That(job.Finished - job.Started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task OutOfMemory_IsToldByItsName()
    {
        var id = await DispatchRig.LaunchAsync(_host, "signal=9 oom=true", _group);

        var job = await _rig.EndedAsync(id);

        Assert.That((job.Status, job.ExitCode), Is.EqualTo((JobStatuses.Failed, (int?)null)));
        Assert.That(job.JobExplanation, Does.Contain("OOMKilled"));
    }

    /// <summary>Lets time pass and waits until the host has read what the program has printed by then.</summary>
    private async Task ReadAfterAsync(long jobId, TimeSpan time)
    {
        _rig.Clock.Advance(time);
        var now = _rig.Clock.GetUtcNow().UtcDateTime;
        await _rig.EventuallyAsync(
            () => _rig.Calls.All.Any(c => c is { Member: "output", Ended: true } && c.JobId == jobId && c.At == now), "the output is read");
    }
}
