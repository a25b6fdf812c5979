using ContainerGroups.Abstractions;
using ContainerGroups.Host.Dispatch;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.Dispatch;

/// <summary>The table of design section 5, row by row.</summary>
public sealed class StartFailuresTests
{
    private static readonly DispatchOptions Options = new();

    [TestCase(BackendFailureReason.InvalidSettings)]
    [TestCase(BackendFailureReason.Forbidden)]
    [TestCase(BackendFailureReason.UnsuitableImage)]
    [TestCase(BackendFailureReason.Unschedulable)]
    [TestCase(BackendFailureReason.ProgramNotFound)]
    [TestCase(BackendFailureReason.ImagePullFailed)]
    [TestCase(BackendFailureReason.Unknown)]
    public void PermanentFailure_EndsTheJobAtOnce(BackendFailureReason reason)
    {
        Assert.That(Decide(reason), Is.EqualTo(StartFailureAction.GiveUp));
    }

    [TestCase(JobTypes.Run, BackendFailureReason.ProgramNotFound, "It lacks x. The machine or the image needs ansible-core and ansible-runner to run playbooks.")]
    [TestCase(JobTypes.Command, BackendFailureReason.ProgramNotFound, "It lacks x.")]
    [TestCase(JobTypes.Run, BackendFailureReason.Forbidden, "It lacks x.")]
    public void PlaybookThatNothingCanRun_SaysWhatToInstall(string jobType, BackendFailureReason reason, string explanation) =>
        Assert.That(StartFailures.Explain(new BackendException(reason, "It lacks x."), jobType), Is.EqualTo(explanation));

    [TestCase(BackendFailureReason.QuotaExceeded)]
    [TestCase(BackendFailureReason.Unreachable)]
    [TestCase(BackendFailureReason.Unauthorized)]
    [TestCase(BackendFailureReason.InsufficientCapacity)]
    [TestCase(BackendFailureReason.StartTimeout)]
    [TestCase(BackendFailureReason.DiskFull)]
    public void FailureThatMayPass_IsTriedElsewhereUntilThePendingTimeout(BackendFailureReason reason)
    {
        Assert.Multiple(() =>
        {
            Assert.That(Decide(reason, refusedFor: TimeSpan.FromMinutes(119)), Is.EqualTo(StartFailureAction.TryElsewhere));
            Assert.That(Decide(reason, refusedFor: TimeSpan.FromMinutes(120)), Is.EqualTo(StartFailureAction.GiveUp));
        });
    }

    [TestCase(BackendFailureReason.EnvironmentLost)]
    [TestCase(BackendFailureReason.Evicted)]
    public void LostEnvironment_GetsThreeAttempts(BackendFailureReason reason)
    {
        Assert.Multiple(() =>
        {
            Assert.That(Decide(reason, lostBefore: 0), Is.EqualTo(StartFailureAction.NewAttempt));
            Assert.That(Decide(reason, lostBefore: 1), Is.EqualTo(StartFailureAction.NewAttempt));
            Assert.That(Decide(reason, lostBefore: 2), Is.EqualTo(StartFailureAction.GiveUp));
        });
    }

    [TestCase(BackendFailureReason.ImagePullFailed)]
    [TestCase(BackendFailureReason.Unknown)]
    public void TransientFailure_IsTriedAgain(BackendFailureReason reason)
    {
        Assert.That(Decide(reason, transient: true), Is.EqualTo(StartFailureAction.TryElsewhere));
    }

    [Test]
    public void Delay_DoublesUpToItsLimit()
    {
        var delays = Enumerable.Range(0, 9).Select(failures => StartFailures.Delay(failures, null, Options).TotalSeconds);

        Assert.That(delays, Is.EqualTo(new double[] { 5, 10, 20, 40, 80, 160, 300, 300, 300 }));
    }

    [Test]
    public void Delay_HonoursWhatTheOtherSideAsked()
    {
        Assert.That(StartFailures.Delay(0, TimeSpan.FromMinutes(10), Options), Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    private static StartFailureAction Decide(
        BackendFailureReason reason, int lostBefore = 0, TimeSpan refusedFor = default, bool transient = false) =>
        StartFailures.Decide(new BackendException(reason, "message", transient), lostBefore, refusedFor, Options);
}
