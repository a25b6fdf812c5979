using System.Globalization;

namespace ContainerGroups.Host.InstanceGroups.Capacity;

/// <summary>What this process may use of its machine: the machine's own, or less where a control group limits it.</summary>
/// <param name="Cpu">Processors, to one place after the point.</param>
/// <param name="Memory">Bytes.</param>
internal sealed record MachineResources(decimal Cpu, long Memory)
{
    /// <exception cref="IOException">The machine doesn't tell.</exception>
    public static MachineResources Read(string root = "/")
    {
        var memory = TotalMemory(File.ReadLines(Path.Combine(root, "proc/meminfo")))
            ?? throw new IOException("/proc/meminfo does not tell how much memory there is.");
        decimal cpu = Environment.ProcessorCount;
        foreach (var group in OwnGroups(root))
        {
            cpu = Math.Min(cpu, CpuLimit(ReadOrNull(Path.Combine(group, "cpu.max"))) ?? cpu);
            memory = Math.Min(memory, MemoryLimit(ReadOrNull(Path.Combine(group, "memory.max"))) ?? memory);
        }

        return new MachineResources(Math.Max(0.1m, Math.Round(cpu, 1)), memory);
    }

    /// <summary>MemTotal in bytes.</summary>
    internal static long? TotalMemory(IEnumerable<string> meminfo) =>
        meminfo.FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
        && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
            ? kib * 1024
            : null;

    /// <summary><c>cpu.max</c>: quota and period in microseconds, or <c>max</c>.</summary>
    internal static decimal? CpuLimit(string? text) =>
        text?.Split(' ') is [var quota, var period]
        && decimal.TryParse(quota, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
        && decimal.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var of) && of > 0
            ? microseconds / of
            : null;

    internal static long? MemoryLimit(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <summary>This process's control group (version 2) and all above it: each may limit.</summary>
    private static IEnumerable<string> OwnGroups(string root)
    {
        var line = ReadOrNull(Path.Combine(root, "proc/self/cgroup"))?.Split('\n').FirstOrDefault(text => text.StartsWith("0::/", StringComparison.Ordinal));
        var mount = Path.Combine(root, "sys/fs/cgroup");
        for (var group = line?["0::".Length..]; group is not null; group = Path.GetDirectoryName(group))
        {
            yield return Path.Combine(mount, group.TrimStart('/'));
        }
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
