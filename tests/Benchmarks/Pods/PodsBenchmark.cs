using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Benchmarks.Pods;

/// <summary>Jobs in real pods, on the cluster of KUBECONFIG: what the server adds to one, and a large output through it.</summary>
internal static class PodsBenchmark
{
    public const int Rounds = 15;

    /// <summary>An image with a POSIX shell and the usual tools that the cluster can pull.</summary>
    private const string ImageVariable = "CG_TEST_IMAGE";

    private const int BlockMiB = 16;
    private const int Blocks = 64;
    private const long OutputBytes = (long)BlockMiB * Blocks << 20;

    public static async Task RunAsync(int rounds)
    {
        await using var place = await BenchNamespace.CreateAsync();
        await using var server = await BenchServer.StartAsync();
        var image = Environment.GetEnvironmentVariable(ImageVariable) ?? "busybox:latest";
        var podSpec = $$"""
            metadata: {namespace: {{place.Name}}}
            spec:
              containers:
              - image: {{image}}
                imagePullPolicy: IfNotPresent
            """;
        var credential = await server.CredentialAsync(place.Server, place.Authority, place.Token);
        var group = await server.ContainerGroupAsync("pods", credential, podSpec: podSpec);
        using var bare = new BareClient(place, podSpec);
        await MeasureOverheadAsync(server, group, bare, rounds);
        await MeasureOutputAsync(server, group, bare);
        await bare.UntilEmptyAsync();
    }

    private static async Task MeasureOverheadAsync(BenchServer server, long group, BareClient bare, int rounds)
    {
        await ThroughServerAsync(server, group, bare);
        await bare.RunAsync("sh", "-c", "echo done");
        var (ours, theirs, differences) = (new List<double>(), new List<double>(), new List<double>());
        var phases = new List<(string Name, double At)>();
        for (var round = 0; round < rounds; round++)
        {
            var (took, reached) = await ThroughServerAsync(server, group, bare);
            ours.Add(took);
            phases.AddRange(reached);
            theirs.Add(await bare.RunAsync("sh", "-c", "echo done"));
            differences.Add(ours[^1] - theirs[^1]);
        }

        Console.WriteLine($"launch request -> end of the job shown, ms: {new Figures(ours)}");
        Console.WriteLine("of it, medians: " + string.Join(", ", phases.GroupBy(phase => phase.Name).Select(phase => (phase.Key, new Figures(phase.Select(one => one.At)).Median))
            .OrderBy(phase => phase.Median).Select(phase => $"{phase.Key} {phase.Median:F0}")));
        Console.WriteLine($"pod created -> executed in by a bare client, ms: {new Figures(theirs)}");
        Console.WriteLine($"overhead: median of the differences {new Figures(differences).Median:F0} ms, of medians "
            + $"{new Figures(ours).Median - new Figures(theirs).Median:F0} ms = {new Figures(ours).Median / new Figures(theirs).Median:F2} x  (budget < 300 ms); load {ServerProcess.Load}");
    }

    /// <returns>How long it took, and after how long it reached each phase, in milliseconds.</returns>
    private static async Task<(double Took, IEnumerable<(string Name, double At)> Phases)> ThroughServerAsync(BenchServer server, long group, BareClient bare)
    {
        var (sent, began) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
        var job = await server.LaunchCommandAsync("measured", group, "sh", "-c", "echo done");
        // The output ends when the job's end is stored.
        await server.FollowAsync(job, _ => ValueTask.CompletedTask);
        var status = await server.StatusAsync(job);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var phases = await server.PhasesAsync(job);
        await bare.UntilEmptyAsync();
        return status == "successful"
            ? (took, phases.Select(phase => (phase.Key, (phase.Value - sent).TotalMilliseconds)))
            : throw new InvalidOperationException($"Job {job} ended as {status}.");
    }

    /// <summary>Random bytes, the same block again and again; at last the pod's own digest of all of it, which is no part of it.</summary>
    private static async Task MeasureOutputAsync(BenchServer server, long group, BareClient bare)
    {
        var blocks = $"cd /runner; head -c {BlockMiB << 20} /dev/urandom >block; all() {{ i=0; while [ $i -lt {Blocks} ]; do cat block; i=$((i+1)); done; }}; all";
        var (bytes, alone) = await bare.ReadAsync("sh", "-c", blocks);
        var script = $"{blocks}; all | sha256sum";
        var (idle, processor) = (server.PeakMemory, server.Processor);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (length, told) = (0L, new StringBuilder());
        TimeSpan? took = null;
        var began = Stopwatch.GetTimestamp();
        var job = await server.LaunchCommandAsync("output", group, "sh", "-c", script);
        var first = TimeSpan.Zero;
        await server.FollowAsync(job, piece =>
        {
            first = first == TimeSpan.Zero ? Stopwatch.GetElapsedTime(began) : first;
            var part = (int)Math.Min(piece.Length, OutputBytes - length);
            digest.AppendData(piece.Span[..part]);
            told.Append(Encoding.ASCII.GetString(piece.Span[part..]));
            length += part;
            took ??= length == OutputBytes ? Stopwatch.GetElapsedTime(began) : null;
            return ValueTask.CompletedTask;
        });
        var equal = told.ToString().StartsWith(Convert.ToHexStringLower(digest.GetCurrentHash()), StringComparison.Ordinal);
        var seconds = ((took ?? throw new InvalidOperationException($"Only {length} bytes came; the job ended as {await server.StatusAsync(job)}.")) - first).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{length} random bytes from one pod, stored and followed: {length / 1e6 / seconds:F0} MB/s (budget >= 50), ")
            + $"an exec of a bare client alone {bytes / 1e6 / alone.TotalSeconds:F0} MB/s, "
            + $"digest {(equal ? "equal" : "DIFFERENT")}; the server's peak memory {server.PeakMemory >> 20} MiB, before it {idle >> 20} MiB, "
            + $"its processor time {(server.Processor - processor).TotalSeconds:F1} s; load {ServerProcess.Load}");
    }
}
