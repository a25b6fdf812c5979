using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Holds the pod backend to what every backend has to keep, with exactly the seed's Role.</summary>
[TestFixtureSource(typeof(ClusterKinds))]
public sealed class PodBackendContractTests(string kind) : ExecutionBackendContract
{
    private Cluster _cluster = null!;

    protected override TimeSpan Deadline => TimeSpan.FromSeconds(60);

    protected override BackendTarget Target => new()
    {
        InstanceGroupId = 1,
        InstanceGroupName = "pods",
        CredentialTypeNamespace = "kubernetes_bearer_token",
        CredentialVersion = "1-1",
        Credential = new InputValues(new Dictionary<string, object?>
        {
            ["host"] = _cluster.Url.ToString(),
            ["bearer_token"] = _cluster.Token,
            ["verify_ssl"] = true,
            ["ssl_ca_cert"] = _cluster.AuthorityPem,
        }),
        PodSpecOverride = $$"""
            {
              "metadata": { "namespace": "{{_cluster.Namespace}}" },
              "spec": { "containers": [{ "image": "{{_cluster.Image}}", "imagePullPolicy": "IfNotPresent", "resources": { "requests": { "cpu": "10m" } } }] }
            }
            """,
    };

    [SetUp]
    public async Task OpenAsync() => _cluster = await SharedClusters.ForAsync(kind);

    protected override IExecutionBackend CreateBackend(string installationId) => Backends.Create(installationId);
}
