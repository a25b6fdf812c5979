using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>Connections that stay open and bring nothing any more: noticed by their silence.</summary>
internal sealed class PodStallTests() : PodFixture(realTime: false)
{
    [TestCase(RequestKind.Exec, 0)]
    [TestCase(RequestKind.Exec, 100)]
    [TestCase(RequestKind.Exec, 5000)]
    [TestCase(RequestKind.Create, 0)]
    [TestCase(RequestKind.Watch, 0)]
    [TestCase(RequestKind.Delete, 0)]
    public async Task AnswerThatStalls_IsNotWaitedForForEver(RequestKind kind, long bytes)
    {
        var group = await Rig.GroupAsync();
        Cluster.Faults.Add(kind, Fault.StallAfter(bytes));
        Cluster.Faults.CloseWatches();

        var job = await Rig.LaunchAsync("seq 1 5000", group);

        await Rig.AssertWellAsync(job, PodJob.Numbers);
    }
}
