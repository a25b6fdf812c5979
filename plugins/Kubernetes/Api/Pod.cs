namespace ContainerGroups.Kubernetes.Api;

/// <summary>A pod as the cluster last told it: what this plugin reads of it. What the cluster left out is empty or null.</summary>
internal sealed record Pod
{
    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary>Tells this pod from every other of the same name, before and after it.</summary>
    public string Uid { get; init; } = "";

    public string ResourceVersion { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>metadata.deletionTimestamp: until when it has time to end; null when nobody has asked for its deletion.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Null until it is scheduled.</summary>
    public string? NodeName { get; init; }

    /// <summary>spec.containers, in their order.</summary>
    public IReadOnlyList<PodContainer> Containers { get; init; } = [];

    /// <summary>Pending, Running, Succeeded, Failed, Unknown; empty before the first status.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Why it is in that phase: Evicted, DeadlineExceeded, …</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<PodCondition> Conditions { get; init; } = [];

    public IReadOnlyList<ContainerStatus> ContainerStatuses { get; init; } = [];

    public IReadOnlyList<ContainerStatus> InitContainerStatuses { get; init; } = [];

    /// <summary>What kubelet says of one of spec.containers; null before it says anything.</summary>
    public ContainerStatus? StatusOf(string container) => ContainerStatuses.FirstOrDefault(status => status.Name == container);
}

/// <summary>What spec.containers says of one.</summary>
internal sealed record PodContainer
{
    public string Name { get; init; } = "";

    public string Image { get; init; } = "";
}

/// <summary>One of status.conditions: PodScheduled, Initialized, ContainersReady, Ready, DisruptionTarget, …</summary>
internal sealed record PodCondition
{
    public string Type { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    public string Status { get; init; } = "";

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>lastTransitionTime.</summary>
    public DateTimeOffset? At { get; init; }
}
