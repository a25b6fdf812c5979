using ContainerGroups.Benchmarks;

// Each part prints its figures beside its budget. Machines differ and are noisy: the ratios are what counts.
var parts = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["launch"] = LaunchBenchmark.RunAsync,
    ["playbook"] = PlaybookBenchmark.RunAsync,
    ["output"] = OutputBenchmark.RunAsync,
    ["events"] = EventsBenchmark.RunAsync,
};
var asked = args switch
{
    [] or ["local"] => [.. parts.Keys],
    ["local", .. var some] => some,
    _ => args,
};
if (asked.FirstOrDefault(name => !parts.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. There are: local ({string.Join(", ", parts.Keys)}).");
    return 2;
}

foreach (var name in asked)
{
    Console.WriteLine($"== {name}");
    await parts[name]();
}

return 0;
