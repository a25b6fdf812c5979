using System.Text.Json;

namespace ContainerGroups.Kubernetes.Api.Objects;

/// <summary>One line of a watch: ADDED, MODIFIED, DELETED and BOOKMARK carry a pod, ERROR a Status.</summary>
internal sealed record WatchLine
{
    public string? Type { get; init; }

    public JsonElement Object { get; init; }
}
