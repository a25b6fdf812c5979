using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Opens a cluster of a kind, with a namespace of its own and the seed's service account in it.</summary>
internal static class Clusters
{
    /// <returns>The simulation is null on a real cluster.</returns>
    public static async Task<(Cluster Cluster, SimulatedCluster? Simulated)> OpenAsync(string kind)
    {
        if (kind == ClusterFacts.Real)
        {
            return (await RealCluster.OpenAsync(ClusterKinds.Kubeconfig!), null);
        }

        var simulated = await SimulatedCluster.StartAsync(new() { Version = kind == nameof(KubernetesVersion.V1_20) ? KubernetesVersion.V1_20 : KubernetesVersion.V1_33 });
        var token = simulated.ServiceAccountToken("facts", "awx");
        var cluster = new Cluster(simulated.Url, simulated.AuthorityPem, token, "facts", "cg.local/busybox:latest", new SimulatedSide(simulated, "facts"));
        return (cluster, simulated);
    }
}
