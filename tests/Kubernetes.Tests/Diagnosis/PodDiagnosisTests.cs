using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Diagnosis;

namespace ContainerGroups.Kubernetes.Tests.Diagnosis;

internal sealed class PodDiagnosisTests
{
    private const string Worker = "worker";

    private static readonly Pod Scheduled = new() { Name = "cg-job-1", Namespace = "jobs", Phase = "Pending", NodeName = "node-1" };

    [Test]
    public void WorkerRunning_IsReady_WhateverSidecarsDo()
    {
        var pod = Scheduled with
        {
            Phase = "Running",
            ContainerStatuses =
            [
                new ContainerStatus { Name = "sidecar", State = Waiting("ContainerCreating", null) },
                new ContainerStatus { Name = Worker, State = new ContainerState { Running = new ContainerRunning() } },
            ],
        };

        Assert.That(Of(pod), Is.TypeOf<PodVerdict.Ready>());
    }

    [TestCase("ContainerCreating", null)]
    [TestCase("PodInitializing", null)]
    [TestCase("SomethingNew", "that nobody knows yet")]
    public void ContainerThatWaits_WithoutAFault_IsComing(string reason, string? message) =>
        Assert.That(Of(WithWorker(Waiting(reason, message))), Is.TypeOf<PodVerdict.Coming>());

    [TestCase("InvalidImageName", "Failed to apply default image tag \"a:b:c\": couldn't parse image reference")]
    [TestCase("ErrImageNeverPull", "Container image \"x\" is not present with pull policy of Never")]
    [TestCase("ErrImagePull", "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/x:latest\": not found")]
    [TestCase("ErrImagePull", "pull access denied, repository does not exist or may require authorization")]
    [TestCase("ImagePullBackOff", "Back-off pulling image: unexpected status code 401 Unauthorized")]
    [TestCase("ErrImagePull", "no match for platform in manifest")]
    public void ImageThatIsRefused_FailsAtOnce(string reason, string message) =>
        AssertFailed(Of(WithWorker(Waiting(reason, message))), BackendFailureReason.ImagePullFailed, reason, message[..20]);

    [TestCase("ErrImagePull", "failed to do request: Head: dial tcp: i/o timeout")]
    [TestCase("ErrImagePull", "toomanyrequests: too many requests")]
    [TestCase("ImagePullBackOff", "Back-off pulling image \"x\"")]
    [TestCase("ErrImagePull", "unexpected status code 503 Service Unavailable")]
    public void PullThatMayComeRight_Struggles(string reason, string message)
    {
        var verdict = Of(WithWorker(Waiting(reason, message)));

        Assert.That(verdict, Is.TypeOf<PodVerdict.Struggles>());
        Assert.That(((PodVerdict.Struggles)verdict).Reason, Is.EqualTo(BackendFailureReason.ImagePullFailed));
        Assert.That(((PodVerdict.Struggles)verdict).Words, Does.Contain(message));
    }

    [Test]
    public void MissingConfigMap_IsNamed() => AssertFailed(
        Of(WithWorker(Waiting("CreateContainerConfigError", "configmap \"settings\" not found"))),
        BackendFailureReason.InvalidSettings, "CreateContainerConfigError", "configmap \"settings\" not found");

    [Test]
    public void ConfigurationThatIsNotSyncedYet_Struggles() => Assert.That(
        Of(WithWorker(Waiting("CreateContainerConfigError", "failed to sync configmap cache: timed out waiting for the condition"))),
        Is.TypeOf<PodVerdict.Struggles>());

    [TestCase("RunContainerError", "OCI runtime create failed: exec: \"sh\": executable file not found in $PATH: unknown")]
    [TestCase("CreateContainerError", "exec: \"sh\": stat sh: no such file or directory")]
    public void ImageWithoutAShell_IsUnsuitable(string reason, string message) =>
        AssertFailed(Of(WithWorker(Waiting(reason, message))), BackendFailureReason.UnsuitableImage, message);

    [Test]
    public void WorkerThatNeverStarted_ForLackOfAShell_IsUnsuitable() => AssertFailed(
        Of(WithWorker(Terminated(128, "StartError", "failed to create task: exec: \"sh\": executable file not found in $PATH"))),
        BackendFailureReason.UnsuitableImage, "executable file not found");

    [Test]
    public void WorkerThatEndedByItself_IsTold() => AssertFailed(
        Of(WithWorker(Terminated(0, "Completed", null)) with { Phase = "Succeeded" }), BackendFailureReason.UnsuitableImage, "Completed (exit code 0)");

    [Test]
    public void WorkerKilledForLackOfMemory_IsTold() => AssertFailed(
        Of(WithWorker(Terminated(137, "OOMKilled", null)) with { Phase = "Failed" }), BackendFailureReason.InvalidSettings, "OOMKilled (exit code 137)", "memory limit");

    [TestCase("0/3 nodes are available: 3 Insufficient cpu.")]
    [TestCase("0/3 nodes are available: 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available.")]
    [TestCase("0/1 nodes are available: 1 Too many pods.")]
    [TestCase("0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate.")]
    [TestCase("0/1 nodes are available: 1 node(s) were unschedulable.")]
    [TestCase("no nodes available to schedule pods")]
    [TestCase("0/1 nodes are available: 1 node(s) said something that no version of the scheduler has said so far.")]
    public void NoRoom_IsWaitedFor(string message)
    {
        var verdict = Of(Unscheduled(message));

        Assert.That(verdict, Is.TypeOf<PodVerdict.WaitsForRoom>());
        Assert.That(((PodVerdict.WaitsForRoom)verdict).Words, Does.Contain(message.TrimEnd('.')));
    }

    [TestCase("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.")]
    [TestCase("0/1 nodes are available: 1 node(s) didn't match node selector.")]
    [TestCase("0/2 nodes are available: 2 node(s) had taint {dedicated: gpu}, that the pod didn't tolerate.")]
    [TestCase("persistentvolumeclaim \"data\" not found")]
    public void NoNodeFits_FailsAtOnce_UnlessNodesAreMade(string message)
    {
        AssertFailed(Of(Unscheduled(message)), BackendFailureReason.Unschedulable, message, "wait_for_nodes");

        Assert.That(PodDiagnosis.Of(Unscheduled(message), Worker, waitForNodes: true), Is.TypeOf<PodVerdict.WaitsForRoom>());
    }

    [TestCase("Evicted", "The node was low on resource: ephemeral-storage.")]
    [TestCase("Terminated", "Pod was terminated in response to imminent node shutdown.")]
    [TestCase("NodeLost", "Node node-1 which was running pod cg-job-1 is unresponsive")]
    public void PodTakenAway_IsEvicted(string reason, string message) =>
        AssertFailed(Of(Scheduled with { Phase = "Failed", Reason = reason, Message = message }), BackendFailureReason.Evicted, reason, message);

    [Test]
    public void PodThatIsDrained_IsEvicted() => AssertFailed(
        Of(Scheduled with
        {
            Phase = "Running",
            DeletedAt = DateTimeOffset.UnixEpoch,
            Conditions = [new PodCondition { Type = "DisruptionTarget", Status = "True", Reason = "EvictionByEvictionAPI", Message = "Eviction API: evicting" }],
        }),
        BackendFailureReason.Evicted, "EvictionByEvictionAPI", "node-1");

    [Test]
    public void PodDeletedByHand_IsLost() => AssertFailed(
        Of(Scheduled with { Phase = "Running", DeletedAt = DateTimeOffset.UnixEpoch }), BackendFailureReason.EnvironmentLost, "deleted from outside");

    [Test]
    public void PodDeletedByHand_IsLost_ThoughItsWorkerHasEndedWell() => AssertFailed(
        Of(WithWorker(Terminated(0, "Completed", null)) with { Phase = "Succeeded", DeletedAt = DateTimeOffset.UnixEpoch }),
        BackendFailureReason.EnvironmentLost, "deleted from outside");

    [Test]
    public void PodDeletedByHand_AfterItsWorkerWasKilledForMemory_TellsOfThat() => AssertFailed(
        Of(WithWorker(Terminated(137, "OOMKilled", null)) with { Phase = "Failed", DeletedAt = DateTimeOffset.UnixEpoch }),
        BackendFailureReason.InvalidSettings, "OOMKilled");

    [Test]
    public void PodThatLivedTooLong_IsTold() => AssertFailed(
        Of(Scheduled with { Phase = "Failed", Reason = "DeadlineExceeded", Message = "Pod was active on the node longer than the specified deadline" }),
        BackendFailureReason.EnvironmentLost, "DeadlineExceeded", "max_pod_lifetime");

    [TestCase("OutOfcpu")]
    [TestCase("OutOfpods")]
    [TestCase("UnexpectedAdmissionError")]
    public void NodeThatHadNoRoomAfterAll_IsTriedAgain(string reason)
    {
        var failure = AssertFailed(Of(Scheduled with { Phase = "Failed", Reason = reason, Message = "Node didn't have enough" }), BackendFailureReason.InsufficientCapacity, reason);

        Assert.That(failure.IsTransient, Is.True);
    }

    [Test]
    public void InitContainerThatFails_IsNamed() => AssertFailed(
        Of(Scheduled with
        {
            Phase = "Failed",
            InitContainerStatuses = [new ContainerStatus { Name = "fetch", State = Terminated(7, "Error", null) }],
            ContainerStatuses = [new ContainerStatus { Name = Worker, State = Waiting("PodInitializing", null) }],
        }),
        BackendFailureReason.InvalidSettings, "fetch", "exit code 7");

    [Test]
    public void ImageOfAnInitContainer_CountsToo() => AssertFailed(
        Of(Scheduled with { InitContainerStatuses = [new ContainerStatus { Name = "fetch", State = Waiting("InvalidImageName", "couldn't parse") }] }),
        BackendFailureReason.ImagePullFailed, "fetch", "InvalidImageName");

    [Test]
    public void PodWithoutStatus_IsComing() => Assert.That(Of(new Pod { Name = "cg-job-1" }), Is.TypeOf<PodVerdict.Coming>());

    private static PodVerdict Of(Pod pod) => PodDiagnosis.Of(pod, Worker, waitForNodes: false);

    private static Pod WithWorker(ContainerState state) => Scheduled with { ContainerStatuses = [new ContainerStatus { Name = Worker, State = state }] };

    private static Pod Unscheduled(string message) => new()
    {
        Name = "cg-job-1",
        Phase = "Pending",
        Conditions = [new PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = message }],
    };

    private static ContainerState Waiting(string reason, string? message) => new() { Waiting = new ContainerWaiting { Reason = reason, Message = message } };

    private static ContainerState Terminated(int code, string reason, string? message) =>
        new() { Terminated = new ContainerTerminated { ExitCode = code, Reason = reason, Message = message } };

    private static BackendException AssertFailed(PodVerdict verdict, BackendFailureReason reason, params string[] words)
    {
        Assert.That(verdict, Is.TypeOf<PodVerdict.Failed>());
        var failure = ((PodVerdict.Failed)verdict).Failure;
        Assert.That(failure.Reason, Is.EqualTo(reason), failure.Message);
        foreach (var word in words)
        {
            Assert.That(failure.Message, Does.Contain(word));
        }

        return failure;
    }
}
