using System.Text.Json;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests.Simulated;

public sealed class ScaleTests : OnSimulation
{
    private const int Pods = 5_000;
    private const int Watchers = 3;

    protected override SimulationOptions Options => new() { WatchCacheSize = 8 * Pods, ContainerStartDelay = TimeSpan.FromMilliseconds(50) };

    [Test]
    public async Task FiveThousandPods_Start_AndEveryWatcherSeesEachRun()
    {
        var watching = Enumerable.Range(0, Watchers).Select(_ => SeenRunningAsync()).ToList();
        await Eventually.BeAsync(() => Simulated.Requests.OpenWatches == Watchers, "the watches are open");

        await Parallel.ForEachAsync(Enumerable.Range(0, Pods), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) => await CreateAsync(Pod($"pod-{i}")));

        foreach (var seen in watching)
        {
            Assert.That(await seen.WaitAsync(TimeSpan.FromMinutes(2)), Is.EqualTo(Pods));
        }

        var list = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods);
        Assert.That(list.Json["items"]!.AsArray(), Has.Count.EqualTo(Pods));
    }

    private async Task<int> SeenRunningAsync()
    {
        using var request = Cluster.Request(HttpMethod.Get, Cluster.Pods + "?watch=true");
        using var response = await Cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var running = new HashSet<string>();
        while (running.Count < Pods && await lines.ReadLineAsync() is { } line)
        {
            using var change = JsonDocument.Parse(line);
            var pod = change.RootElement.GetProperty("object");
            if (pod.GetProperty("status").GetProperty("phase").GetString() == "Running")
            {
                running.Add(pod.GetProperty("metadata").GetProperty("name").GetString()!);
            }
        }

        return running.Count;
    }
}
