using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Benchmarks.Cluster;

/// <summary>A cluster in this process, and when it was asked for what.</summary>
internal sealed class SimulatedSide : IAsyncDisposable
{
    private const int Room = 1_000_000;

    private readonly ConcurrentDictionary<long, long> _createdAt = new();
    private readonly ConcurrentDictionary<long, long> _deletedAt = new();

    private SimulatedSide()
    {
    }

    public SimulatedCluster Cluster { get; private set; } = null!;

    public SimulatedWorkers Workers { get; } = new();

    /// <summary>When a job's pod was first asked for, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public IReadOnlyDictionary<long, long> CreatedAt => _createdAt;

    /// <summary>When its deletion was.</summary>
    public IReadOnlyDictionary<long, long> DeletedAt => _deletedAt;

    /// <summary>Programs that run and are followed by somebody.</summary>
    public int Followed => Workers.Programs.Count(program => !program.HasEnded && program.Followers > 0);

    public static async Task<SimulatedSide> StartAsync()
    {
        var side = new SimulatedSide();
        side.Cluster = await SimulatedCluster.StartAsync(new SimulationOptions
        {
            Exec = side.Workers,
            Received = side.Received,
            WatchCacheSize = 100_000,
            Nodes = [new SimulatedNode { Name = "node-1", Pods = Room }],
        });
        side.Cluster.SetWebhook("watch.benchmark", pod =>
        {
            var labels = pod["metadata"]?["labels"];
            side._createdAt.TryAdd(long.Parse((string)labels!["containergroups.io/job"]!, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp());
            return null;
        });
        return side;
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private void Received(RequestKind kind, string? name)
    {
        // Pods are named cg-job-JOB-ATTEMPT-INSTALLATION.
        if (kind == RequestKind.Delete && name?.Split('-') is ["cg", "job", var job, ..])
        {
            _deletedAt.TryAdd(long.Parse(job, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp());
        }
    }
}
