using System.Collections;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>The clusters that the facts are looked at on: the simulated one always, the real one that CG_TEST_KUBECONFIG leads to.</summary>
public class ClusterKinds : IEnumerable
{
    public static string? Kubeconfig { get; } = Environment.GetEnvironmentVariable("CG_TEST_KUBECONFIG");

    protected virtual bool HasOld => true;

    public IEnumerator GetEnumerator()
    {
        if (HasOld)
        {
            yield return new TestFixtureData(nameof(KubernetesVersion.V1_20)).SetArgDisplayNames("Simulated 1.20");
        }

        yield return new TestFixtureData(nameof(KubernetesVersion.V1_33)).SetArgDisplayNames("Simulated 1.33");
        if (!string.IsNullOrEmpty(Kubeconfig))
        {
            var real = new TestFixtureData(ClusterFacts.Real).SetArgDisplayNames("Real");
            real.Properties.Set("Category", "Cluster");
            yield return real;
        }
    }
}

/// <summary>The same but for the older simulation: for what takes long and is no matter of versions.</summary>
public sealed class NewestClusterKinds : ClusterKinds
{
    protected override bool HasOld => false;
}
