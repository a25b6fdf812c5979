using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Exec;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>A pod as it was at one moment.</summary>
public sealed record PodView
{
    private byte[] _json = [];

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required string Phase { get; init; }

    public required string? NodeName { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>It has a deletion timestamp.</summary>
    public required bool IsDeleting { get; init; }

    /// <summary>What is <c>/runner</c> in the pod.</summary>
    public required string Directory { get; init; }

    /// <summary>The whole object.</summary>
    public JsonObject Json => JsonNode.Parse(_json)!.AsObject();

    /// <summary>How many real processes of it are alive now.</summary>
    public int LiveProcesses => PodProcesses.Count(Uid);

    internal static PodView Of(StoredPod pod, PodStore pods)
    {
        lock (pods.Lock)
        {
            return new()
            {
                Namespace = pod.Namespace,
                Name = pod.Name,
                Uid = pod.Uid,
                Phase = pod.Phase,
                NodeName = pod.NodeName,
                Labels = pod.Labels,
                IsDeleting = pod.IsDeleting,
                Directory = pod.Directory,
                _json = pod.Item,
            };
        }
    }
}
