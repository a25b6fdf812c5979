using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>The status of pods, field by field as a scheduler and a kubelet fill it.</summary>
internal sealed class PodStatuses(PodStore pods, SimulationOptions options)
{
    private int _lastAddress = 1;

    private string Now => Time.Text(options.Clock.GetUtcNow());

    public void Scheduled(StoredPod pod, SimulatedNode node) => pods.Change(pod, _ =>
    {
        pod.Spec["nodeName"] = node.Name;
        Condition(pod, "PodScheduled", true);
    });

    /// <returns>False when that has been said already.</returns>
    public bool Unschedulable(StoredPod pod, string message)
    {
        var now = Conditions(pod).FirstOrDefault(condition => (string?)condition!["type"] == "PodScheduled");
        if ((string?)now?["message"] == message)
        {
            return false;
        }

        pods.Change(pod, _ => Condition(pod, "PodScheduled", false, "Unschedulable", message));
        return true;
    }

    /// <summary>The kubelet has taken the pod up: its containers wait for a reason.</summary>
    public void Waiting(StoredPod pod, SimulatedNode node, string reason, string? message = null) => pods.Change(pod, _ =>
    {
        var inits = pod.InitContainers.ToList();
        pod.Status["hostIP"] ??= node.Address;
        pod.Status["startTime"] ??= Now;
        if (reason != "ContainerCreating")
        {
            // Its sandbox is there by then, and with it its address.
            SetAddress(pod);
        }

        if (inits.Count > 0)
        {
            var names = $"[{string.Join(' ', inits.Select(container => container["name"]))}]";
            Condition(pod, "Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: {names}");
            pod.Status["initContainerStatuses"] = Statuses(inits, container => ForInit(reason == "ContainerCreating"
                ? WaitingStatus(container, "PodInitializing", null)
                : WaitingStatus(container, reason, message)));
        }
        else
        {
            Condition(pod, "Initialized", true);
        }

        NotReady(pod, "ContainersNotReady", UnreadyMessage(pod));
        pod.Status["containerStatuses"] = Statuses(pod.Containers, container => inits.Count > 0
            ? WaitingStatus(container, "PodInitializing", null)
            : WaitingStatus(container, reason, message));
    });

    public void Running(StoredPod pod) => pods.Change(pod, _ =>
    {
        var now = Now;
        pod.Status["phase"] = "Running";
        SetAddress(pod);
        foreach (var type in new[] { "Initialized", "Ready", "ContainersReady" })
        {
            Condition(pod, type, true);
        }

        if (pod.InitContainers.Any())
        {
            pod.Status["initContainerStatuses"] = Statuses(pod.InitContainers, container =>
            {
                var started = StartedStatus(container, now);
                End(started, new("Completed", 0), now, ready: true);
                return ForInit(started);
            });
        }

        pod.Status["containerStatuses"] = Statuses(pod.Containers, container => StartedStatus(container, now));
    });

    /// <summary>The pod's containers have ended; with reason and message where the kubelet ended it.</summary>
    public void Ended(StoredPod pod, ContainerEnd end) => pods.Change(pod, _ =>
    {
        pod.Status["phase"] = pod.HasEnded ? pod.Phase : end.ExitCode == 0 ? "Succeeded" : "Failed";
        // The reason of success only: what has failed is not ready, and that is all.
        if (end.ExitCode == 0)
        {
            Condition(pod, "Initialized", true, "PodCompleted", null);
            NotReady(pod, "PodCompleted", null);
        }
        else
        {
            NotReady(pod, "ContainersNotReady", UnreadyMessage(pod));
        }

        foreach (var status in ContainerStatuses(pod))
        {
            End(status, end, Now);
        }
    });

    /// <summary>The main container ended and was started again.</summary>
    public void Restarted(StoredPod pod, ContainerEnd end) => pods.Change(pod, _ =>
    {
        foreach (var status in ContainerStatuses(pod))
        {
            End(status, end, Now);
            status["lastState"] = status["state"]!.DeepClone();
            status["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Now } };
            status["restartCount"] = (int)status["restartCount"]! + 1;
            status["containerID"] = NewContainerId();
            status["ready"] = true;
            status["started"] = true;
        }
    });

    /// <summary>The kubelet or a controller gave the pod up as a whole.</summary>
    public void GivenUp(StoredPod pod, string reason, string message, bool isEviction) => pods.Change(pod, _ =>
    {
        pod.Status["phase"] = "Failed";
        pod.Status["reason"] = reason;
        pod.Status["message"] = message;
        if (options.Version.KeepsStatusOfGivenUp)
        {
            NotReady(pod, "ContainersNotReady", UnreadyMessage(pod));
            foreach (var status in ContainerStatuses(pod))
            {
                End(status, ContainerEnd.Of(137), Now);
            }

            return;
        }

        string[] forgotten = isEviction ? ["conditions", "hostIP", "containerStatuses", "initContainerStatuses", "podIP", "podIPs", "qosClass"] : ["conditions", "hostIP"];
        foreach (var field in forgotten)
        {
            pod.Status.Remove(field);
        }

        foreach (var status in ContainerStatuses(pod))
        {
            status["ready"] = false;
        }
    });

    /// <summary>The node controller has not heard from the node.</summary>
    public void NodeLost(StoredPod pod) => pods.Change(pod, _ => Condition(pod, "Ready", false));

    /// <summary>The kubelet can be asked again.</summary>
    public void NodeBack(StoredPod pod) => pods.Change(pod, _ => Condition(pod, "Ready", true));

    public void Disrupted(StoredPod pod, string message) =>
        pods.Change(pod, _ => Condition(pod, "DisruptionTarget", true, "TerminationByKubelet", message));

    private static string NewContainerId() => "containerd://" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static JsonArray Statuses(IEnumerable<JsonObject> containers, Func<JsonObject, JsonObject> make) =>
        [.. containers.OrderBy(container => (string)container["name"]!, StringComparer.Ordinal).Select(make)];

    private static JsonObject WaitingStatus(JsonObject container, string reason, string? message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null)
        {
            waiting["message"] = message;
        }

        return Status(container, new() { ["waiting"] = waiting });
    }

    private static JsonObject StartedStatus(JsonObject container, string now)
    {
        var image = Images.FullName((string)container["image"]!);
        var status = Status(container, new() { ["running"] = new JsonObject { ["startedAt"] = now } });
        status["image"] = image;
        status["imageID"] = Images.IdOf(image);
        status["containerID"] = NewContainerId();
        status["ready"] = true;
        status["started"] = true;
        return status;
    }

    private static JsonObject ForInit(JsonObject status)
    {
        status.Remove("started");
        return status;
    }

    private static JsonObject Status(JsonObject container, JsonObject state) => new()
    {
        ["name"] = (string)container["name"]!,
        ["state"] = state,
        ["lastState"] = new JsonObject(),
        ["ready"] = false,
        ["restartCount"] = 0,
        ["image"] = (string)container["image"]!,
        ["imageID"] = "",
        ["started"] = false,
    };

    private static void End(JsonObject status, ContainerEnd end, string now, bool ready = false)
    {
        if (status["state"]!["terminated"] is not null || status["containerID"] is null)
        {
            return;
        }

        var terminated = new JsonObject { ["exitCode"] = end.ExitCode, ["reason"] = end.Reason };
        if (end.Message is not null)
        {
            terminated["message"] = end.Message;
        }

        terminated["startedAt"] = (string?)status["state"]!["running"]?["startedAt"] ?? now;
        terminated["finishedAt"] = now;
        terminated["containerID"] = (string)status["containerID"]!;
        status["state"] = new JsonObject { ["terminated"] = terminated };
        status["ready"] = ready;
        status["started"] = false;
    }

    private static IEnumerable<JsonObject> ContainerStatuses(StoredPod pod) =>
        (pod.Status["containerStatuses"] as JsonArray ?? []).Select(status => status!.AsObject());

    private static string UnreadyMessage(StoredPod pod) =>
        $"containers with unready status: [{string.Join(' ', pod.Containers.Select(container => container["name"]))}]";

    private void SetAddress(StoredPod pod)
    {
        if (pod.Status["podIP"] is null)
        {
            var address = $"10.244.{_lastAddress / 250 % 256}.{(_lastAddress % 250) + 2}";
            _lastAddress++;
            pod.Status["podIP"] = address;
            pod.Status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        }
    }

    private void NotReady(StoredPod pod, string reason, string? message)
    {
        Condition(pod, "Ready", false, reason, message);
        Condition(pod, "ContainersReady", false, reason, message);
    }

    private static JsonArray Conditions(StoredPod pod) => pod.Status["conditions"] as JsonArray ?? [];

    private void Condition(StoredPod pod, string type, bool holds, string? reason = null, string? message = null)
    {
        var conditions = Conditions(pod);
        var condition = conditions.FirstOrDefault(one => (string?)one!["type"] == type)?.AsObject();
        var value = holds ? "True" : "False";
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            // The kubelet keeps what the scheduler wrote at the end.
            conditions.Insert(type == "PodScheduled" ? conditions.Count : Math.Max(0, conditions.Count - 1), condition);
        }

        var since = (string?)condition["status"] == value ? (string)condition["lastTransitionTime"]! : Now;
        condition["status"] = value;
        condition["lastProbeTime"] = null;
        condition["lastTransitionTime"] = since;
        condition.Remove("reason");
        condition.Remove("message");
        if (reason is not null)
        {
            condition["reason"] = reason;
        }

        if (message is not null)
        {
            condition["message"] = message;
        }

        if (conditions.Parent is null)
        {
            pod.Status["conditions"] = conditions;
        }
    }
}
