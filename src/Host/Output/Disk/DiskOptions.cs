namespace ContainerGroups.Host.Output;

/// <summary>When a disk counts as full: <c>Disk</c> of the configuration.</summary>
internal sealed class DiskOptions
{
    public const string Section = "Disk";

    /// <summary>Bytes that have to be free where the data directory is; below it no job is started. 0 to never look.</summary>
    public long MinimumFreeBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How often is looked.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(5);
}
