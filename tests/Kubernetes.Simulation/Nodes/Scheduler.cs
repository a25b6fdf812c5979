using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>Gives pods to nodes with room for them. A pod that fits nowhere waits until something has changed.</summary>
internal sealed class Scheduler(PodStore pods, PodStatuses statuses, Timeline timeline, EventLog events, SimulationOptions options)
{
    private readonly LinkedList<StoredPod> _waiting = [];
    private readonly Dictionary<string, SimulatedNode> _nodes = options.Nodes.ToDictionary(node => node.Name);
    private readonly Dictionary<string, (int Pods, decimal Cpu, decimal Memory)> _used = [];

    private bool _retries;

    /// <summary>Called with each pod that got a node, under the store's lock.</summary>
    public Action<StoredPod> Bound { get; set; } = _ => { };

    /// <summary>Until it is given back, nothing is scheduled: the pods stay without any condition.</summary>
    public bool IsPaused { get; private set; }

    public TimeSpan Delay { get; set; } = options.SchedulingDelay;

    public void Add(StoredPod pod) => timeline.After(Delay, () => Try(pod));

    public void Set(SimulatedNode node)
    {
        lock (pods.Lock)
        {
            _nodes[node.Name] = node;
            RetryWaiting();
        }
    }

    public SimulatedNode? Node(string? name)
    {
        lock (pods.Lock)
        {
            return name is null ? null : _nodes.GetValueOrDefault(name);
        }
    }

    public void Pause(bool pause)
    {
        lock (pods.Lock)
        {
            IsPaused = pause;
            if (!pause)
            {
                RetryWaiting();
            }
        }
    }

    /// <summary>The room of a pod that has ended or is gone is free again. Called under the store's lock.</summary>
    public void Release(StoredPod pod)
    {
        _waiting.Remove(pod);
        if (pod.NodeName is not { } node || pod.RoomIsReleased)
        {
            return;
        }

        pod.RoomIsReleased = true;
        var used = _used.GetValueOrDefault(node);
        _used[node] = (used.Pods - 1, used.Cpu - pod.Cpu, used.Memory - pod.Memory);
        if (_waiting.Count > 0)
        {
            RetryWaiting();
        }
    }

    private void Try(StoredPod pod)
    {
        lock (pods.Lock)
        {
            if (pod.IsRemoved || pod.NodeName is not null)
            {
                return;
            }

            if (IsPaused || !Place(pod))
            {
                _waiting.AddLast(pod);
            }
        }
    }

    /// <summary>Whatever changes until it is done is looked at in one go.</summary>
    private void RetryWaiting()
    {
        if (!_retries)
        {
            _retries = true;
            timeline.After(TimeSpan.Zero, TryWaiting);
        }
    }

    private void TryWaiting()
    {
        lock (pods.Lock)
        {
            _retries = false;
            for (var node = IsPaused ? null : _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (Place(node.Value))
                {
                    _waiting.Remove(node);
                }

                node = next;
            }
        }
    }

    private bool Place(StoredPod pod)
    {
        var refusals = new List<string>();
        foreach (var node in _nodes.Values)
        {
            var reasons = Refusals(pod, node);
            if (reasons.Count == 0)
            {
                Bind(pod, node);
                return true;
            }

            refusals.AddRange(reasons);
        }

        var message = Message(refusals);
        if (statuses.Unschedulable(pod, message))
        {
            events.FromScheduler(pod, "Warning", "FailedScheduling", message);
        }

        return false;
    }

    private void Bind(StoredPod pod, SimulatedNode node)
    {
        var used = _used.GetValueOrDefault(node.Name);
        _used[node.Name] = (used.Pods + 1, used.Cpu + pod.Cpu, used.Memory + pod.Memory);
        statuses.Scheduled(pod, node);
        events.FromScheduler(pod, "Normal", "Scheduled", $"Successfully assigned {pod.Namespace}/{pod.Name} to {node.Name}");
        Bound(pod);
    }

    private List<string> Refusals(StoredPod pod, SimulatedNode node)
    {
        var selector = pod.Spec["nodeSelector"] as JsonObject ?? [];
        if (node.Unschedulable)
        {
            return ["node(s) were unschedulable"];
        }

        if (node.Taints.FirstOrDefault(taint => !Tolerates(pod, taint.Key)) is { Key: { } key } refused)
        {
            return [options.Version.TellsPreemption
                ? $"node(s) had untolerated taint {{{key}: {refused.Value}}}"
                : $"node(s) had taint {{{key}: {refused.Value}}}, that the pod didn't tolerate"];
        }

        if (selector.Any(wanted => node.Labels.GetValueOrDefault(wanted.Key) != wanted.Value?.ToString()))
        {
            return [options.Version.TellsPreemption ? "node(s) didn't match Pod's node affinity/selector" : "node(s) didn't match Pod's node affinity"];
        }

        var used = _used.GetValueOrDefault(node.Name);
        var reasons = new List<string>();
        if (used.Pods + 1 > node.Pods)
        {
            reasons.Add("Too many pods");
        }

        if (used.Cpu + pod.Cpu > node.Cpu)
        {
            reasons.Add("Insufficient cpu");
        }

        if (used.Memory + pod.Memory > node.Memory)
        {
            reasons.Add("Insufficient memory");
        }

        return reasons;
    }

    private string Message(List<string> refusals)
    {
        var counted = refusals.GroupBy(reason => reason).Select(group => $"{group.Count()} {group.Key}").Order(StringComparer.Ordinal);
        var text = $"0/{_nodes.Count} nodes are available: {string.Join(", ", counted)}.";
        var helpless = refusals.Any(reason => !reason.StartsWith("Insufficient", StringComparison.Ordinal) && reason != "Too many pods");
        return !options.Version.TellsPreemption ? text : helpless
            ? $"{text} preemption: 0/{_nodes.Count} nodes are available: {_nodes.Count} Preemption is not helpful for scheduling."
            : $"{text} preemption: 0/{_nodes.Count} nodes are available: {_nodes.Count} No preemption victims found for incoming pod.";
    }

    private static bool Tolerates(StoredPod pod, string key) => (pod.Spec["tolerations"] as JsonArray ?? [])
        .Any(toleration => (string?)toleration?["key"] is var tolerated
            && (tolerated == key || (tolerated is null && (string?)toleration?["operator"] == "Exists")));
}
