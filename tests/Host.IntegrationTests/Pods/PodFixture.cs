using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>Tests that share a host and a cluster, by the real clock unless it is said otherwise.</summary>
internal abstract class PodFixture(bool realTime = true)
{
    protected PodRig Rig { get; private set; } = null!;

    protected SimulatedCluster Cluster => Rig.Cluster;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        Rig = await PodRig.CreateAsync(realTime: realTime);
        await Rig.StartHostAsync();
        // By which protocol programs are started there is found out with the first one: the faults of a test are meant for what comes after.
        await Rig.AssertWellAsync(await Rig.LaunchAsync("true", await Rig.GroupAsync()), "");
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await Rig.DisposeAsync();

    /// <summary>What one test has done to the cluster must not reach the next.</summary>
    [TearDown]
    public async Task MendAsync()
    {
        Cluster.Faults.Interpose = null;
        Cluster.Faults.Clear();
        Cluster.ImagePullDelay = TimeSpan.Zero;
        Cluster.SetQuota(PodRig.Namespace, "quota", null);
        Cluster.RecoverNode("node-1");
        Cluster.SetNode(new SimulatedNode { Name = "node-1" });
        Cluster.SetRole(PodRig.Namespace, PodRig.Account, Role.Seed);
        await Cluster.StartServerAsync();
    }

    /// <summary>The override of a worker with these members, as JSON.</summary>
    protected static string Worker(string members) => $$"""{"containers":[{"name":"worker",{{members}}}]}""";
}
