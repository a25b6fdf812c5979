using System.Net.Http.Json;

namespace ContainerGroups.Benchmarks;

/// <summary>From the request of a launch to the program's start, while a thousand other jobs wait in the queue.</summary>
internal static class LaunchBenchmark
{
    private const int Queued = 1000;
    private const int Measured = 200;

    public static async Task RunAsync()
    {
        await using var server = await BenchServer.StartAsync();
        var busy = await GroupAsync(server, "busy", maxConcurrentJobs: 1);
        var free = await GroupAsync(server, "free", maxConcurrentJobs: 0);
        await server.LaunchCommandAsync("holds the group", busy, "sleep", "600");
        await Parallel.ForAsync(0, Queued, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await server.LaunchCommandAsync($"queued {i}", busy, "true"));

        await MeasureAsync(server, free, 20);
        var (started, ended) = await MeasureAsync(server, free, Measured);
        Console.WriteLine($"request -> program started, ms, {Queued} queued: {started}  (budget for pods: p50 < 50, p99 < 500)");
        Console.WriteLine($"request -> end stored, ms: {ended}");
    }

    private static async Task<(Figures Started, Figures Ended)> MeasureAsync(BenchServer server, long group, int count)
    {
        var started = new List<double>();
        var ended = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var sent = DateTimeOffset.UtcNow;
            var job = await server.LaunchCommandAsync($"measured {i}", group, "true");
            await server.FollowAsync(job, _ => ValueTask.CompletedTask);
            ended.Add((DateTimeOffset.UtcNow - sent).TotalMilliseconds);
            started.Add(((await server.PhasesAsync(job))["started"] - sent).TotalMilliseconds);
        }

        return (new Figures(started), new Figures(ended));
    }

    /// <summary>A group with the machine's own instance in it.</summary>
    private static async Task<long> GroupAsync(BenchServer server, string name, int maxConcurrentJobs)
    {
        var group = (await server.PostAsync("instance_groups/", new { name, max_concurrent_jobs = maxConcurrentJobs }))["id"]!.GetValue<long>();
        using var attached = await server.Http.PostAsJsonAsync($"instance_groups/{group}/instances/", new { id = 1 });
        attached.EnsureSuccessStatusCode();
        return group;
    }
}
