namespace ContainerGroups.Kubernetes.Api.Objects;

internal sealed record EventListObject
{
    public ListMeta? Metadata { get; init; }

    public List<EventObject>? Items { get; init; }
}

/// <summary>An event's JSON. Old reporters fill firstTimestamp, lastTimestamp and count; new ones eventTime and series.</summary>
internal sealed record EventObject
{
    public ObjectMeta? Metadata { get; init; }

    public ObjectReference? InvolvedObject { get; init; }

    public string? Type { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public EventSource? Source { get; init; }

    public string? ReportingComponent { get; init; }

    public int? Count { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public DateTimeOffset? EventTime { get; init; }

    public EventSeries? Series { get; init; }

    public ClusterEvent ToEvent() => new()
    {
        Type = Type ?? "",
        Reason = Reason ?? "",
        Message = Message ?? "",
        Source = ReportingComponent is { Length: > 0 } reporter ? reporter : Source?.Component ?? "",
        PodUid = InvolvedObject?.Uid ?? "",
        Count = Series?.Count ?? Count ?? 1,
        FirstSeen = FirstTimestamp ?? EventTime ?? Metadata?.CreationTimestamp,
        LastSeen = Series?.LastObservedTime ?? LastTimestamp ?? EventTime ?? Metadata?.CreationTimestamp,
    };
}

internal sealed record ObjectReference
{
    public string? Uid { get; init; }
}

internal sealed record EventSource
{
    public string? Component { get; init; }
}

internal sealed record EventSeries
{
    public int? Count { get; init; }

    public DateTimeOffset? LastObservedTime { get; init; }
}
