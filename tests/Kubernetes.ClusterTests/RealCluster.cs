namespace ContainerGroups.Kubernetes.ClusterTests;

internal static class RealCluster
{
    public static Task<Cluster> OpenAsync(string kubeconfig) => throw new NotSupportedException(kubeconfig);
}
