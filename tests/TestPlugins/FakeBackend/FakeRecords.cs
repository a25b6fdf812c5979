namespace ContainerGroups.TestPlugins;

/// <summary>Written when an environment is made.</summary>
internal sealed record EnvironmentRecord
{
    public required string InstallationId { get; init; }

    public required long JobId { get; init; }

    public required int Attempt { get; init; }

    public required string? Instance { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the group's settings and the job's name said.</summary>
    public required string[] Script { get; init; }
}

/// <summary>Written when a program is started: with the clock, all there is to know of it.</summary>
internal sealed record StartRecord
{
    public required DateTimeOffset StartedAt { get; init; }

    public required string[] Command { get; init; }

    public required string[] Script { get; init; }

    public required string PayloadSha256 { get; init; }

    /// <summary>The values of the variables that the program prints.</summary>
    public required string Variables { get; init; }

    public required TimeSpan? Timeout { get; init; }

    public required TimeSpan Grace { get; init; }
}

/// <summary>Written when a program is told to end.</summary>
internal sealed record CancelRecord
{
    public required DateTimeOffset At { get; init; }

    public required TimeSpan Grace { get; init; }
}
