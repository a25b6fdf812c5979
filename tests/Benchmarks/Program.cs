using System.Globalization;
using ContainerGroups.Benchmarks;
using ContainerGroups.Benchmarks.Cluster;
using ContainerGroups.Benchmarks.Pods;

if (args is [HandWrittenServer.Command, { } database])
{
    await HandWrittenServer.RunAsync(database);
    return 0;
}

// Each part prints its figures beside its budget. Machines differ and are noisy: the ratios are what counts.
var local = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["launch"] = LaunchBenchmark.RunAsync,
    ["playbook"] = PlaybookBenchmark.RunAsync,
    ["output"] = OutputBenchmark.RunAsync,
    ["events"] = EventsBenchmark.RunAsync,
    ["mask"] = MaskBenchmark.RunAsync,
};
// These have a size, which may follow their name.
var sized = new Dictionary<string, (Func<int, Task> Run, int Size)>(StringComparer.Ordinal)
{
    ["cluster"] = (ClusterBenchmark.RunAsync, ClusterBenchmark.Jobs),
    ["launches"] = (ClusterBenchmark.RunLaunchesAsync, ClusterBenchmark.Launches),
    ["pods"] = (PodsBenchmark.RunAsync, PodsBenchmark.Rounds),
    ["odata"] = (ODataBenchmark.RunAsync, ODataBenchmark.Jobs),
};

var asked = new Queue<string>(args is [] ? ["local"] : args);
var parts = new List<(string Title, Func<Task> Run)>();
while (asked.TryDequeue(out var name))
{
    if (name == "local")
    {
        // Alone it means all of them; before some of them nothing.
        parts.AddRange(asked.Any(local.ContainsKey) ? [] : local.Select(part => (part.Key, part.Value)));
    }
    else if (local.TryGetValue(name, out var run))
    {
        parts.Add((name, run));
    }
    else if (sized.TryGetValue(name, out var part))
    {
        var given = asked.TryPeek(out var next) && int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        var size = given ? int.Parse(asked.Dequeue(), CultureInfo.InvariantCulture) : part.Size;
        parts.Add(($"{name} {size}", () => part.Run(size)));
    }
    else
    {
        Console.Error.WriteLine($"There is no benchmark '{name}'. There are: local ({string.Join(", ", local.Keys)}), "
            + $"{string.Join(", ", sized.Select(one => $"{one.Key} [{one.Value.Size}]"))}.");
        return 2;
    }
}

foreach (var (title, run) in parts)
{
    Console.WriteLine($"== {title}");
    await run();
}

return 0;
