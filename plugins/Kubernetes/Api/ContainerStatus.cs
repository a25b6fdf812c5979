namespace ContainerGroups.Kubernetes.Api;

/// <summary>What kubelet says of one container.</summary>
internal sealed record ContainerStatus
{
    public string Name { get; init; } = "";

    public string Image { get; init; } = "";

    public bool Ready { get; init; }

    public int RestartCount { get; init; }

    public ContainerState State { get; init; } = new();

    /// <summary>How it was before its last restart.</summary>
    public ContainerState LastState { get; init; } = new();
}

/// <summary>At most one of the three is set; none means that it waits and nobody has said why.</summary>
internal sealed record ContainerState
{
    public ContainerWaiting? Waiting { get; init; }

    public ContainerRunning? Running { get; init; }

    public ContainerTerminated? Terminated { get; init; }
}

internal sealed record ContainerWaiting
{
    public string? Reason { get; init; }

    public string? Message { get; init; }
}

internal sealed record ContainerRunning
{
    public DateTimeOffset? StartedAt { get; init; }
}

internal sealed record ContainerTerminated
{
    public int ExitCode { get; init; }

    /// <summary>Zero or absent for an exit by itself. containerd reports exit code 128+n and leaves this empty.</summary>
    public int? Signal { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
