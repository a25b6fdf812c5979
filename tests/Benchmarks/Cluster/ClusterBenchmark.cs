using System.Diagnostics;
using System.Net.Http.Json;

namespace ContainerGroups.Benchmarks.Cluster;

/// <summary>
/// Thousands of jobs at a time on one server, in the pods of a simulated cluster: the server is a process of its own, the cluster is in
/// this one, and both share the machine's processors.
/// </summary>
internal sealed class ClusterBenchmark(BenchServer server, SimulatedSide side, int jobs)
{
    public const int Jobs = 5000;
    public const int Launches = 1500;

    private const int Clients = 16;
    private const int LinesAtATime = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private long _open;
    private long _full;

    private int Queued => Math.Min(1000, jobs);

    private int Measured => Math.Min(200, jobs);

    public static Task RunAsync(int jobs) => RunAsync(jobs, benchmark => benchmark.RunAsync());

    /// <summary>The part that says what one short job costs, alone.</summary>
    public static Task RunLaunchesAsync(int jobs) => RunAsync(jobs, async benchmark =>
    {
        await benchmark.PrepareAsync();
        await benchmark.MeasureRatesAsync();
    });

    private static async Task RunAsync(int jobs, Func<ClusterBenchmark, Task> run)
    {
        await using var side = await SimulatedSide.StartAsync();
        await using var server = await BenchServer.StartAsync();
        await run(new ClusterBenchmark(server, side, jobs));
    }

    private async Task PrepareAsync()
    {
        Console.WriteLine($"{jobs} jobs, {Environment.ProcessorCount} processors, load {ServerProcess.Load}");
        var credential = await server.CredentialAsync(side.Cluster.Url, side.Cluster.AuthorityPem, side.Cluster.ServiceAccountToken("default", "awx"));
        _open = await server.ContainerGroupAsync("open", credential);
        _full = await server.ContainerGroupAsync("full", credential, maxConcurrentJobs: 1);
        await LaunchAsync(Measured, "print", _open);
        TellMemory("idle");

        await server.LaunchCommandAsync("holds the group", _full, "hold", "1");
        await LaunchAsync(Queued, "print", _full);
    }

    private async Task RunAsync()
    {
        await PrepareAsync();
        await MeasureLaunchesAsync("an idle server");
        await MeasureRatesAsync();
        var held = await HoldAsync();
        await MeasureLaunchesAsync($"{jobs} running");
        held = await CancelAsync(held);
        await RestartAsync(held);
        await EndAsync(held);
        Console.WriteLine($"load at the end {ServerProcess.Load}; the server's peak memory since its restart {server.PeakMemory >> 20} MiB");
    }

    private async Task<IReadOnlyList<long>> LaunchAsync(int count, string program, long group)
    {
        var launched = new long[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (i, _) =>
            launched[i] = await server.LaunchCommandAsync($"{program} {i}", group, program, $"{LinesAtATime}"));
        return launched;
    }

    /// <summary>One launch after another, as people make them.</summary>
    private async Task MeasureLaunchesAsync(string beside)
    {
        var created = new List<double>();
        for (var i = 0; i < Measured; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            var job = await server.LaunchCommandAsync($"measured {i}", _open, "print", "1");
            await UntilAsync(() => side.DeletedAt.ContainsKey(job), "a short job to end");
            created.Add(Stopwatch.GetElapsedTime(sent, side.CreatedAt[job]).TotalMilliseconds);
        }

        Console.WriteLine($"request -> pod asked for, ms, {Queued} queued, {beside}: {new Figures(created)}  (budget p50 < 50, p99 < 500)");
    }

    /// <summary>Twice: the first time, much of what the jobs cost is that the server's code is compiled; what is sustained shows the second.</summary>
    private async Task MeasureRatesAsync()
    {
        await MeasureRateAsync();
        await MeasureRateAsync();
    }

    /// <summary>Short jobs, as fast as clients can launch them, from the first request to the last pod's removal.</summary>
    private async Task MeasureRateAsync()
    {
        var (cpu, others, began) = (server.Processor, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var launched = await LaunchAsync(jobs, "print", _open);
        var accepted = Stopwatch.GetElapsedTime(began);
        await UntilAsync(() => launched.All(side.DeletedAt.ContainsKey), "the short jobs to end");
        var asked = Stopwatch.GetElapsedTime(began, launched.Max(job => side.CreatedAt[job]));
        var removed = Stopwatch.GetElapsedTime(began);
        var each = (server.Processor - cpu).TotalMilliseconds / jobs;
        var besides = (Environment.CpuUsage.TotalTime - others).TotalMilliseconds / jobs;
        Console.WriteLine($"{jobs} short jobs, {Clients} clients: {jobs / accepted.TotalSeconds:F0}/s accepted, {jobs / asked.TotalSeconds:F0}/s pods asked for "
            + $"(budget >= 200), {jobs / removed.TotalSeconds:F0}/s run to their end and removed; processor time a job: {each:F1} ms the server's, "
            + $"{besides:F1} ms the clients' and the cluster's; load {ServerProcess.Load}");
    }

    private async Task<IReadOnlyList<long>> HoldAsync()
    {
        var (cpu, began) = (server.Processor, Stopwatch.GetTimestamp());
        var held = await LaunchAsync(jobs + Measured, "hold", _open);
        await UntilAsync(() => held.All(side.Workers.StartedAt.ContainsKey), "the jobs to run");
        var started = Stopwatch.GetElapsedTime(began, held.Max(job => side.Workers.StartedAt[job]));
        await UntilAsync(async () => await server.CountAsync("running") >= held.Count, "the jobs to be shown as running");
        var each = (server.Processor - cpu).TotalMilliseconds / held.Count;
        Console.WriteLine($"{held.Count} jobs launched and started in {started.TotalSeconds:F1} s = {held.Count / started.TotalSeconds:F0}/s; "
            + $"the server's processor time {each:F1} ms a job; load {ServerProcess.Load}");
        TellMemory($"{held.Count} running");
        await Task.Delay(TimeSpan.FromSeconds(30));
        TellMemory($"{held.Count} running, 30 s later");
        Console.WriteLine($"the server's peak memory {server.PeakMemory >> 20} MiB (budget < 2048)");
        return held;
    }

    /// <returns>Those that go on.</returns>
    private async Task<IReadOnlyList<long>> CancelAsync(IReadOnlyList<long> held)
    {
        var sent = new Dictionary<long, long>();
        foreach (var job in held.Take(Measured))
        {
            sent[job] = Stopwatch.GetTimestamp();
            using var canceled = await server.Http.PostAsJsonAsync($"jobs/{job}/cancel/", new { });
            canceled.EnsureSuccessStatusCode();
            await Task.Delay(Glance);
        }

        await UntilAsync(() => sent.Keys.All(side.DeletedAt.ContainsKey), "the canceled jobs' pods to be deleted");
        var took = sent.Select(job => Stopwatch.GetElapsedTime(job.Value, side.DeletedAt[job.Key]).TotalMilliseconds);
        Console.WriteLine($"cancel -> delete received, ms: {new Figures(took)}  (budget p99 < 1000); load {ServerProcess.Load}");
        return [.. held.Skip(Measured)];
    }

    /// <summary>The server is killed; the jobs write before, meanwhile and after.</summary>
    private async Task RestartAsync(IReadOnlyList<long> held)
    {
        var all = side.Workers.Programs.Count(program => !program.HasEnded);
        Print();
        await server.KillAsync();
        await UntilAsync(() => side.Followed == 0, "the connections to end");
        Print();
        var began = Stopwatch.GetTimestamp();
        await server.StartAgainAsync();
        var answered = Stopwatch.GetElapsedTime(began);
        await UntilAsync(() => side.Followed == all, "the jobs to be followed again");
        var followed = Stopwatch.GetElapsedTime(began);
        Console.WriteLine($"killed and started again: it answers after {answered.TotalSeconds:F1} s, {all} jobs are followed again after {followed.TotalSeconds:F1} s "
            + $"(budget < 30); the server's processor time {server.Processor.TotalSeconds:F1} s; load {ServerProcess.Load}");
        TellMemory($"{held.Count} found again");
        Print();
    }

    private async Task EndAsync(IReadOnlyList<long> held)
    {
        var began = Stopwatch.GetTimestamp();
        var programs = side.Workers.Programs.Where(program => !program.HasEnded).ToDictionary(program => program.JobId);
        foreach (var job in held)
        {
            programs[job].End(0);
        }

        await UntilAsync(() => held.All(side.DeletedAt.ContainsKey), "the jobs to end");
        Console.WriteLine($"{held.Count} jobs ended at once: all stored and removed in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
        var lost = 0L;
        await Parallel.ForEachAsync(held, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (job, token) =>
        {
            var stored = await server.Http.GetByteArrayAsync($"jobs/{job}/output/?offset=0", token);
            var written = programs[job].Spool;
            if (!stored.AsSpan().SequenceEqual(written) || await server.StatusAsync(job) != "successful")
            {
                Interlocked.Add(ref lost, Math.Max(1, written.Length - stored.Length));
            }
        });
        Console.WriteLine($"{held.Sum(job => (long)programs[job].Spool.Length)} bytes written by them, {lost} lost or changed (budget 0)");
    }

    private void Print()
    {
        foreach (var program in side.Workers.Programs)
        {
            program.Print(LinesAtATime);
        }
    }

    private void TellMemory(string when)
    {
        var (own, resident) = server.Memory;
        Console.WriteLine($"the server's memory, {when}: {own >> 20} MiB private, {resident >> 20} MiB resident");
    }

    private static Task UntilAsync(Func<bool> reached, string what) => UntilAsync(() => Task.FromResult(reached()), what);

    private static async Task UntilAsync(Func<Task<bool>> reached, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }

            await Task.Delay(Glance);
        }
    }
}
