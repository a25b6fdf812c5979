using System.Text.Json.Serialization;

namespace ContainerGroups.Kubernetes.Api.Objects;

/// <summary>A pod's JSON. Everything may be missing or null, and what is not named here is skipped.</summary>
internal sealed record PodObject
{
    public ObjectMeta? Metadata { get; init; }

    public PodSpec? Spec { get; init; }

    public PodStatus? Status { get; init; }

    public Pod ToPod() => new()
    {
        Name = Metadata?.Name ?? "",
        Namespace = Metadata?.Namespace ?? "",
        Uid = Metadata?.Uid ?? "",
        ResourceVersion = Metadata?.ResourceVersion ?? "",
        Labels = Metadata?.Labels ?? [],
        Annotations = Metadata?.Annotations ?? [],
        CreatedAt = Metadata?.CreationTimestamp,
        DeletedAt = Metadata?.DeletionTimestamp,
        NodeName = Spec?.NodeName is { Length: > 0 } node ? node : null,
        Containers = [.. (Spec?.Containers ?? []).Select(container => new PodContainer { Name = container.Name ?? "", Image = container.Image ?? "" })],
        Phase = Status?.Phase ?? "",
        Reason = Status?.Reason,
        Message = Status?.Message,
        StartTime = Status?.StartTime,
        Conditions = [.. (Status?.Conditions ?? []).Select(ToCondition)],
        ContainerStatuses = [.. (Status?.ContainerStatuses ?? []).Select(ToStatus)],
        InitContainerStatuses = [.. (Status?.InitContainerStatuses ?? []).Select(ToStatus)],
    };

    private static PodCondition ToCondition(ConditionObject condition) => new()
    {
        Type = condition.Type ?? "",
        Status = condition.Status ?? "",
        Reason = condition.Reason,
        Message = condition.Message,
        At = condition.LastTransitionTime,
    };

    private static ContainerStatus ToStatus(ContainerStatusObject status) => new()
    {
        Name = status.Name ?? "",
        Image = status.Image ?? "",
        Ready = status.Ready ?? false,
        RestartCount = status.RestartCount ?? 0,
        State = status.State ?? new ContainerState(),
        LastState = status.LastState ?? new ContainerState(),
    };
}

internal sealed record ObjectMeta
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }
}

internal sealed record PodSpec
{
    public string? NodeName { get; init; }

    public List<ContainerObject>? Containers { get; init; }
}

internal sealed record ContainerObject
{
    public string? Name { get; init; }

    public string? Image { get; init; }
}

internal sealed record PodStatus
{
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public List<ConditionObject>? Conditions { get; init; }

    public List<ContainerStatusObject>? ContainerStatuses { get; init; }

    public List<ContainerStatusObject>? InitContainerStatuses { get; init; }
}

internal sealed record ConditionObject
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }
}

internal sealed record ContainerStatusObject
{
    public string? Name { get; init; }

    public string? Image { get; init; }

    public bool? Ready { get; init; }

    public int? RestartCount { get; init; }

    public ContainerState? State { get; init; }

    public ContainerState? LastState { get; init; }
}

internal sealed record PodListObject
{
    public ListMeta? Metadata { get; init; }

    public List<PodObject>? Items { get; init; }
}

internal sealed record ListMeta
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }
}

/// <summary>How this plugin reads Kubernetes' JSON: by generated code, case as Kubernetes writes it, null and missing the same.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PodObject))]
[JsonSerializable(typeof(PodListObject))]
[JsonSerializable(typeof(StatusObject))]
[JsonSerializable(typeof(WatchLine))]
[JsonSerializable(typeof(EventListObject))]
[JsonSerializable(typeof(AccessReviewObject))]
[JsonSerializable(typeof(SubjectReviewObject))]
[JsonSerializable(typeof(VersionObject))]
[JsonSerializable(typeof(DeleteOptions))]
internal sealed partial class KubernetesJson : JsonSerializerContext;
