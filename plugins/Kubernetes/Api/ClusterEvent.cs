namespace ContainerGroups.Kubernetes.Api;

/// <summary>Something that the cluster noted about a pod: Scheduled, Pulling, BackOff, FailedMount, …</summary>
internal sealed record ClusterEvent
{
    /// <summary>Normal or Warning.</summary>
    public string Type { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>Who noted it: kubelet, default-scheduler.</summary>
    public string Source { get; init; } = "";

    /// <summary>Of the pod that it is about; a later pod of the same name has another.</summary>
    public string PodUid { get; init; } = "";

    /// <summary>How often it was seen between the two times.</summary>
    public int Count { get; init; } = 1;

    public DateTimeOffset? FirstSeen { get; init; }

    public DateTimeOffset? LastSeen { get; init; }
}

/// <summary>What the cluster says when asked whether the caller may do something.</summary>
internal sealed record AccessReview
{
    public required bool Allowed { get; init; }

    /// <summary>The authorizer's words; often empty.</summary>
    public string Reason { get; init; } = "";
}
