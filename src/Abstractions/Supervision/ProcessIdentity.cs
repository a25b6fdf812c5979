namespace ContainerGroups.Abstractions.Supervision;

/// <summary>Tells one process from every other that had or will have its id.</summary>
public sealed record ProcessIdentity
{
    /// <summary>The process id, in the environment's own numbering.</summary>
    public required int Id { get; init; }

    /// <summary>When it started, in clock ticks since the boot: field 22 of <c>/proc/ID/stat</c>.</summary>
    public required long StartTime { get; init; }

    /// <summary>The boot in which it started: <c>/proc/sys/kernel/random/boot_id</c>.</summary>
    public required string BootId { get; init; }
}
