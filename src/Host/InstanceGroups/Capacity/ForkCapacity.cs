namespace ContainerGroups.Host.InstanceGroups.Capacity;

/// <summary>How many forks a machine carries: AWX's numbers.</summary>
internal static class ForkCapacity
{
    private const long MiB = 1L << 20;

    public static int OfCpu(decimal cpu, int forksPerCpu) => (int)Math.Max(1, Math.Min(int.MaxValue, decimal.Truncate(cpu * forksPerCpu)));

    /// <param name="bytes">The machine's memory.</param>
    /// <param name="reserved">Bytes for the system and the server itself.</param>
    /// <param name="mebibytesPerFork">What one fork takes.</param>
    public static int OfMemory(long bytes, long reserved, int mebibytesPerFork) =>
        (int)Math.Max(1, Math.Min(int.MaxValue, Math.Max(0, bytes - reserved) / MiB / mebibytesPerFork));

    /// <summary>Between the lower (adjustment 0) and the higher (1) of the two.</summary>
    public static int Between(int cpuCapacity, int memoryCapacity, decimal adjustment)
    {
        var lower = Math.Min(cpuCapacity, memoryCapacity);
        var higher = Math.Max(cpuCapacity, memoryCapacity);
        return (int)Math.Clamp(lower + ((higher - lower) * adjustment), 0, int.MaxValue);
    }
}
