using System.Globalization;

namespace ContainerGroups.Benchmarks;

/// <summary>What the kernel counts of a process.</summary>
internal static class ServerProcess
{
    // The unit of these counters is the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The load of the machine over the last minute, by all its processes.</summary>
    public static string Load => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    /// <summary>Bytes that the process has for itself, and bytes that it has in memory at all.</summary>
    public static (long Private, long Resident) Memory(int processId)
    {
        var fields = File.ReadLines($"/proc/{processId}/smaps_rollup").Skip(1)
            .Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => words[0], words => 1024 * long.Parse(words[1], CultureInfo.InvariantCulture));
        return (fields["Private_Clean"] + fields["Private_Dirty"], fields["Rss"]);
    }

    /// <summary>The most bytes that it has had in memory.</summary>
    public static long PeakMemory(int processId) => 1024 * long.Parse(
        File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..].Replace("kB", "").Trim(),
        CultureInfo.InvariantCulture);

    /// <summary>Processor time that it has used.</summary>
    public static TimeSpan Processor(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name, in parentheses, may hold anything; user and system time are the twelfth and thirteenth field after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}
