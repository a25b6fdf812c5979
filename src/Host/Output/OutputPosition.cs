namespace ContainerGroups.Host.Output;

/// <summary>The two cursors of a job's output, and what is counted along with them.</summary>
internal readonly record struct OutputPosition
{
    /// <summary>Bytes of the environment's spool that are stored.</summary>
    public required long Spool { get; init; }

    /// <summary>Bytes of text.</summary>
    public required long Text { get; init; }

    /// <summary>Line feeds in the text.</summary>
    public required long Lines { get; init; }

    /// <summary>The highest number of an event; 0 before the first.</summary>
    public required int Counter { get; init; }
}
