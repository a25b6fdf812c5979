using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.Jobs;

public sealed class JobStateMachineTests
{
    private static readonly string[] Final = [JobStatuses.Successful, JobStatuses.Failed, JobStatuses.Error, JobStatuses.Canceled];

    [TestCaseSource(nameof(Final))]
    public void FinalStatus_NeverChanges(string status)
    {
        Assert.Multiple(() =>
        {
            Assert.That(JobStateMachine.IsFinal(status));
            Assert.That(JobStateMachine.All.Where(to => JobStateMachine.CanMove(status, to)), Is.Empty);
            Assert.That(JobStateMachine.CanCancel(status), Is.False);
        });
    }

    [Test]
    public void RunningJob_NeverGoesBackToTheQueue()
    {
        Assert.Multiple(() =>
        {
            Assert.That(JobStateMachine.CanMove(JobStatuses.Running, JobStatuses.Pending), Is.False);
            Assert.That(JobStateMachine.CanMove(JobStatuses.Running, JobStatuses.Waiting), Is.False);
            Assert.That(JobStateMachine.CanMove(JobStatuses.Waiting, JobStatuses.Pending), Is.True);
        });
    }

    [Test]
    public void Success_ComesFromRunningOnly()
    {
        Assert.That(JobStateMachine.Predecessors(JobStatuses.Successful), Is.EqualTo(new[] { JobStatuses.Running }));
    }

    [Test]
    public void EveryStatusButNew_CanBeReached()
    {
        var reachable = JobStateMachine.All.Where(s => JobStateMachine.Predecessors(s).Count > 0);

        Assert.That(reachable, Is.EquivalentTo(JobStateMachine.All.Except([JobStatuses.New])));
    }

    [Test]
    public void EveryUnfinishedStatus_CanBeCanceled()
    {
        Assert.That(JobStateMachine.All.Except(Final), Has.All.Matches<string>(JobStateMachine.CanCancel));
    }

    [TestCase(JobStatuses.Failed, true)]
    [TestCase(JobStatuses.Error, true)]
    [TestCase(JobStatuses.Canceled, true)]
    [TestCase(JobStatuses.Successful, false)]
    [TestCase(JobStatuses.Running, false)]
    public void FailedFlag_IsAsInAwx(string status, bool failed)
    {
        Assert.That(JobStateMachine.CountsAsFailed(status), Is.EqualTo(failed));
    }
}
