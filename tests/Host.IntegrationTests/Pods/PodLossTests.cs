using ContainerGroups.Host.Storage;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>What happens to a pod, or to the way to it, while its job runs. A program that may have run is never run again.</summary>
internal sealed class PodLossTests : PodFixture
{
    private const string Node = "node-1";

    [TestCase("evicted", "Evicted: The node was low on resource: memory.")]
    [TestCase("deleted", "from outside")]
    [TestCase("lost with its node", "from outside")]
    public async Task TakenAwayWhileItRuns_IsAnError_AndNeverRunAgain(string how, string words)
    {
        var job = await Rig.RunningAsync(PodJob.WaitsUntilReleased, await Rig.GroupAsync());
        await Rig.UntilAsync(job, row => row.SpoolOffset > 0, "its first words are stored");
        var pod = await Rig.PodOfAsync(job);

        switch (how)
        {
            case "evicted":
                Cluster.Evict(pod.Namespace, pod.Name);
                break;
            case "deleted":
                Cluster.DeletePod(pod.Namespace, pod.Name);
                break;
            default:
                // What the control plane does some minutes after the node has fallen silent.
                Cluster.LoseNode(Node);
                Cluster.DropConnections();
                Cluster.DeletePod(pod.Namespace, pod.Name);
                break;
        }

        var row = await Rig.Hosts.EndedAsync(job.Id);
        Cluster.RecoverNode(Node);
        await Rig.DoneAsync(job);
        Assert.That((row.Status, row.Attempt, job.Starts), Is.EqualTo((JobStatuses.Error, 1, 1)));
        Assert.That(row.JobExplanation, Does.Contain(words));
        Assert.That(await Rig.OutputAsync(job), Is.EqualTo("waiting\n"));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }

    [Test]
    public async Task NodeThatIsSilentForAWhile_CostsNothing()
    {
        var job = await RunningAsync();
        Cluster.LoseNode(Node);
        Cluster.DropConnections();
        var away = await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it is told that the node can't be reached");

        job.Release();
        Cluster.RecoverNode(Node);

        await Rig.AssertWellAsync(job, PodJob.Numbers);
        Assert.That((away.Status, away.JobExplanation), Is.EqualTo((JobStatuses.Running, away.JobExplanation)));
        Assert.That(away.JobExplanation, Does.Contain("i/o timeout"));
    }

    [Test]
    public async Task KilledForMemory_IsFailed()
    {
        var job = await RunningAsync();
        var pod = await Rig.PodOfAsync(job);

        Cluster.KillForMemory(pod.Namespace, pod.Name);

        var row = await Rig.DoneAsync(job);
        Assert.That((row.Status, job.Starts), Is.EqualTo((JobStatuses.Failed, 1)));
        Assert.That(row.JobExplanation, Does.Contain("OOMKilled"));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }

    [Test]
    public async Task TokenThatIsRefusedForAWhile_CostsNothing()
    {
        var job = await RunningAsync();
        Cluster.Faults.Add(null, Fault.Unauthorized, count: int.MaxValue);
        Cluster.DropConnections();
        var away = await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it is told that the token is refused");

        job.Release();
        Cluster.Faults.Clear();

        await Rig.AssertWellAsync(job, PodJob.Numbers);
        Assert.That(away.Status, Is.EqualTo(JobStatuses.Running));
        Assert.That(away.JobExplanation, Does.Contain("Unauthorized"));
    }

    [Test]
    public async Task TokenThatHasExpired_IsChanged_AndTheJobGoesOnWithTheNewOne()
    {
        var job = await RunningAsync();
        Cluster.ExpireToken(Rig.CurrentToken);
        Cluster.DropConnections();
        await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it is told that the token is refused");

        await Rig.ChangeTokenAsync(Cluster.ServiceAccountToken(PodRig.Namespace, PodRig.Account));
        job.Release();

        await Rig.AssertWellAsync(job, PodJob.Numbers);
    }

    private async Task<PodJob> RunningAsync()
    {
        var job = await Rig.RunningAsync(PodJob.PrintsUntilReleased, await Rig.GroupAsync());
        await Rig.UntilAsync(job, row => row.SpoolOffset > 0, "some of its output is stored");
        return job;
    }
}
