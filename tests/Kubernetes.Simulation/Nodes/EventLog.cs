using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>The events of pods, the latest of them; what a kubelet says again is counted, what a scheduler says is said again.</summary>
internal sealed class EventLog(PodStore pods, SimulationOptions options)
{
    private const int Kept = 20_000;

    private readonly Dictionary<(string Namespace, string Pod), List<Entry>> _byPod = [];
    private readonly Queue<Entry> _all = new();

    public void FromScheduler(StoredPod pod, string type, string reason, string message)
    {
        lock (_all)
        {
            Add(new(pod, type, reason, message, null, true, options.Clock.GetUtcNow(), pods.NextVersion()));
        }
    }

    /// <param name="pod">The pod that it is about.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">In Kubernetes' word.</param>
    /// <param name="message">In the kubelet's.</param>
    /// <param name="container">Null for the pod as a whole.</param>
    public void FromKubelet(StoredPod pod, string type, string reason, string message, JsonObject? container = null)
    {
        lock (_all)
        {
            var said = _byPod.GetValueOrDefault((pod.Namespace, pod.Name))?
                .Find(entry => !entry.IsSchedulers && entry.Pod.Uid == pod.Uid && entry.Reason == reason && entry.Message == message);
            if (said is not null)
            {
                said.Again(options.Clock.GetUtcNow(), pods.NextVersion());
                return;
            }

            var path = container is null ? null
                : $"spec.{(pod.Containers.Contains(container) ? "containers" : "initContainers")}{{{container["name"]}}}";
            Add(new(pod, type, reason, message, path, false, options.Clock.GetUtcNow(), pods.NextVersion()));
        }
    }

    public IReadOnlyList<JsonObject> In(string? @namespace, FieldSelector selector)
    {
        lock (_all)
        {
            // Nearly everybody asks for one pod's: the rest is not even written out for them.
            var candidates = @namespace is not null && selector.Exact("involvedObject.name") is { } name
                ? _byPod.GetValueOrDefault((@namespace, name)) ?? []
                : _all.Where(entry => @namespace is null || entry.Pod.Namespace == @namespace);
            return [.. candidates.Select(entry => entry.Write(options)).Where(selector.Matches)];
        }
    }

    private void Add(Entry entry)
    {
        if (_all.Count == Kept)
        {
            var oldest = _all.Dequeue();
            var key = (oldest.Pod.Namespace, oldest.Pod.Name);
            if (_byPod[key].Remove(oldest) && _byPod[key].Count == 0)
            {
                _byPod.Remove(key);
            }
        }

        _all.Enqueue(entry);
        if (!_byPod.TryGetValue((entry.Pod.Namespace, entry.Pod.Name), out var ofPod))
        {
            _byPod[(entry.Pod.Namespace, entry.Pod.Name)] = ofPod = [];
        }

        ofPod.Add(entry);
    }

    private sealed class Entry(
        StoredPod pod, string type, string reason, string message, string? fieldPath, bool isSchedulers, DateTimeOffset at, long version)
    {
        private readonly Guid _uid = Guid.NewGuid();
        private readonly string _podVersion = pod.Version.ToString();
        private readonly long _first = version;
        private readonly DateTimeOffset _at = at;
        private DateTimeOffset _last = at;
        private long _version = version;
        private int _count = 1;

        public StoredPod Pod { get; } = pod;

        public string Reason { get; } = reason;

        public string Message { get; } = message;

        public bool IsSchedulers { get; } = isSchedulers;

        public void Again(DateTimeOffset now, long nextVersion)
        {
            _last = now;
            _version = nextVersion;
            _count++;
        }

        public JsonObject Write(SimulationOptions options)
        {
            var about = new JsonObject
            {
                ["kind"] = "Pod",
                ["namespace"] = Pod.Namespace,
                ["name"] = Pod.Name,
                ["uid"] = Pod.Uid,
                ["apiVersion"] = "v1",
                ["resourceVersion"] = _podVersion,
            };
            if (fieldPath is not null)
            {
                about["fieldPath"] = fieldPath;
            }

            var written = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{Pod.Name}.{_first:x16}",
                    ["namespace"] = Pod.Namespace,
                    ["uid"] = _uid.ToString(),
                    ["resourceVersion"] = _version.ToString(),
                    ["creationTimestamp"] = Time.Text(_at),
                },
                ["involvedObject"] = about,
                ["reason"] = Reason,
                ["message"] = Message,
                ["source"] = IsSchedulers ? [] : new JsonObject { ["component"] = "kubelet", ["host"] = Pod.NodeName },
                // The scheduler's are of the newer kind, which has one precise time and no count.
                ["firstTimestamp"] = IsSchedulers ? null : Time.Text(_at),
                ["lastTimestamp"] = IsSchedulers ? null : Time.Text(_last),
                ["type"] = type,
                ["eventTime"] = IsSchedulers ? _at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'") : null,
                ["reportingComponent"] = IsSchedulers ? "default-scheduler" : options.Version.ReportsKubelet ? "kubelet" : "",
                ["reportingInstance"] = IsSchedulers ? "default-scheduler-0" : options.Version.ReportsKubelet ? Pod.NodeName : "",
            };
            if (IsSchedulers)
            {
                written["action"] = Reason == "Scheduled" ? "Binding" : "Scheduling";
            }
            else
            {
                written["count"] = _count;
            }

            return written;
        }
    }
}
