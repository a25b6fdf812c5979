using System.Collections.Concurrent;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>One cluster of each kind for fixtures that are made anew for every test; closed when all tests are through.</summary>
[SetUpFixture]
public sealed class SharedClusters
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Cluster>>> Opened = new(StringComparer.Ordinal);

    public static Task<Cluster> ForAsync(string kind) =>
        Opened.GetOrAdd(kind, name => new Lazy<Task<Cluster>>(async () => (await Clusters.OpenAsync(name)).Cluster)).Value;

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        foreach (var opened in Opened.Values)
        {
            await (await opened.Value).CloseAsync();
        }
    }
}
