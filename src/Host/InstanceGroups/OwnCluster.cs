namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Whether this server runs in a pod that may talk to the cluster around it.</summary>
internal sealed record OwnCluster(bool IsInside)
{
    private const string TokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <summary>By the marks that Kubernetes leaves in every pod that has a service account.</summary>
    public static OwnCluster Find() => new(
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")) && File.Exists(TokenFile));
}
