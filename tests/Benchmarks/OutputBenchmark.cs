using System.Diagnostics;
using System.Security.Cryptography;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Benchmarks;

/// <summary>One GiB from one command: stored, followed live, and read back with the same digest, in flat memory.</summary>
internal static class OutputBenchmark
{
    private const int BlockMiB = 16;
    private const int Blocks = 64;

    public static async Task RunAsync()
    {
        using var directory = new TemporaryDirectory();
        foreach (var (kind, path) in new[] { ("log text", Text(directory.Path)), ("random bytes", Random(directory.Path)) })
        {
            await RunAsync(kind, path, directory.Path);
        }
    }

    private static async Task RunAsync(string kind, string block, string directory)
    {
        await using var server = await BenchServer.StartAsync();
        var script = $"i=0; while [ $i -lt {Blocks} ]; do cat '{block}'; i=$((i+1)); done";
        var idle = server.PeakMemory;

        var bare = Stopwatch.StartNew();
        using (var shell = Process.Start("sh", ["-c", $"({script}) > '{Path.Combine(directory, "bare")}'"]))
        {
            await shell.WaitForExitAsync();
        }

        bare.Stop();
        var expected = await DigestAsync(Path.Combine(directory, "bare"));
        File.Delete(Path.Combine(directory, "bare"));

        var watch = Stopwatch.StartNew();
        var job = await server.LaunchCommandAsync("output", null, "sh", "-c", script);
        var (live, length) = await FollowAsync(server, job);
        watch.Stop();
        var reading = Stopwatch.StartNew();
        var (again, _) = await FollowAsync(server, job);
        reading.Stop();

        var megabytes = length / 1e6;
        Console.WriteLine($"{kind}: {length} bytes in {watch.Elapsed.TotalSeconds:F1} s = {megabytes / watch.Elapsed.TotalSeconds:F0} MB/s to stored and followed "
            + $"(budget >= 50), {watch.Elapsed / bare.Elapsed:F1} x the same into a file; read back {megabytes / reading.Elapsed.TotalSeconds:F0} MB/s");
        Console.WriteLine($"{kind}: digest live {(live == expected ? "equal" : "DIFFERENT")}, read back {(again == expected ? "equal" : "DIFFERENT")}; "
            + $"server's peak memory {server.PeakMemory >> 20} MiB, before the job {idle >> 20} MiB (budget < 400)");
    }

    private static async Task<(string Digest, long Length)> FollowAsync(BenchServer server, long job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        await server.FollowAsync(job, bytes =>
        {
            hash.AppendData(bytes.Span);
            length += bytes.Length;
            return ValueTask.CompletedTask;
        });
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    private static async Task<string> DigestAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    private static string Text(string directory)
    {
        var path = Path.Combine(directory, "text");
        using var writer = new StreamWriter(path);
        for (var line = 0; writer.BaseStream.Length < BlockMiB << 20; line++)
        {
            writer.WriteLine($"2026-01-01T00:00:00.{line:D9}Z info request {line * 7919 % 1_000_003} answered in {line % 97} ms");
        }

        return path;
    }

    private static string Random(string directory)
    {
        var path = Path.Combine(directory, "random");
        var bytes = new byte[BlockMiB << 20];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
