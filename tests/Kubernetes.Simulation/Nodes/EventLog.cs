using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>The cluster's events, the latest of them.</summary>
internal sealed class EventLog(PodStore pods, SimulationOptions options)
{
    private const int Kept = 20_000;

    private readonly Queue<(string Namespace, StoredPod Pod, string Reason, string Message, string Source, string Type, DateTimeOffset At, long Version)> _events = new();

    public void Add(StoredPod pod, string reason, string message, string source, string type = "Normal")
    {
        lock (_events)
        {
            if (_events.Count == Kept)
            {
                _events.Dequeue();
            }

            _events.Enqueue((pod.Namespace, pod, reason, message, source, type, options.Clock.GetUtcNow(), pods.NextVersion()));
        }
    }

    public IReadOnlyList<JsonObject> In(string? @namespace)
    {
        lock (_events)
        {
            return [.. _events.Where(one => @namespace is null || one.Namespace == @namespace).Select(one => new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{one.Pod.Name}.{one.Version:x16}",
                    ["namespace"] = one.Namespace,
                    ["uid"] = $"00000000-0000-4000-8000-{one.Version:x12}",
                    ["resourceVersion"] = one.Version.ToString(),
                    ["creationTimestamp"] = Time.Text(one.At),
                },
                ["involvedObject"] = new JsonObject
                {
                    ["kind"] = "Pod",
                    ["namespace"] = one.Namespace,
                    ["name"] = one.Pod.Name,
                    ["uid"] = one.Pod.Uid,
                    ["apiVersion"] = "v1",
                },
                ["reason"] = one.Reason,
                ["message"] = one.Message,
                ["source"] = new JsonObject { ["component"] = one.Source },
                ["firstTimestamp"] = Time.Text(one.At),
                ["lastTimestamp"] = Time.Text(one.At),
                ["count"] = 1,
                ["type"] = one.Type,
                ["eventTime"] = null,
                ["reportingComponent"] = "",
                ["reportingInstance"] = "",
            })];
        }
    }
}
