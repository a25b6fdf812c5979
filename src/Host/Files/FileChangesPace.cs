namespace ContainerGroups.Host.Files;

/// <summary>How patiently changes of files are followed.</summary>
internal sealed record FileChangesPace
{
    /// <summary>How long nothing may change before a change counts as finished.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>When to look although nothing was told.</summary>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromSeconds(30);
}
