using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>What the API server adds to a pod that says nothing about it.</summary>
internal static class PodDefaults
{
    public static void Apply(JsonObject spec)
    {
        Default(spec, "restartPolicy", "Always");
        Default(spec, "terminationGracePeriodSeconds", 30L);
        Default(spec, "dnsPolicy", "ClusterFirst");
        Default(spec, "schedulerName", "default-scheduler");
        Default(spec, "enableServiceLinks", true);
        Default(spec, "preemptionPolicy", "PreemptLowerPriority");
        Default(spec, "priority", 0);
        spec["securityContext"] ??= new JsonObject();
        Default(spec, "serviceAccountName", "default");
        spec["serviceAccount"] = (string)spec["serviceAccountName"]!;
        AddTolerations(spec);
        foreach (var container in (spec["containers"] as JsonArray ?? []).Concat(spec["initContainers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            ApplyTo(container);
        }
    }

    /// <summary>The volume with the service account's token, unless the pod declines it.</summary>
    public static void MountServiceAccount(JsonObject spec, string suffix)
    {
        if (spec["automountServiceAccountToken"] is JsonValue mount && !(bool)mount)
        {
            return;
        }

        var name = "kube-api-access-" + suffix;
        var volumes = spec["volumes"] as JsonArray ?? [];
        volumes.Add(new JsonObject { ["name"] = name, ["projected"] = new JsonObject { ["defaultMode"] = 420 } });
        spec["volumes"] = volumes;
        foreach (var container in spec["containers"]!.AsArray().OfType<JsonObject>())
        {
            var mounts = container["volumeMounts"] as JsonArray ?? [];
            mounts.Add(new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = "/var/run/secrets/kubernetes.io/serviceaccount" });
            container["volumeMounts"] = mounts;
        }
    }

    public static string QualityOfService(StoredPod pod)
    {
        var containers = pod.Containers.Concat(pod.InitContainers).ToList();
        var asks = containers.Any(container => container["resources"] is JsonObject { Count: > 0 });
        var guaranteed = containers.TrueForAll(container => new[] { "cpu", "memory" }.All(resource =>
            Quantity.Of(container, "limits", resource) is { } limit && (Quantity.Of(container, "requests", resource) ?? limit) == limit));
        return !asks ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static void ApplyTo(JsonObject container)
    {
        var image = container["image"]?.ToString() ?? "";
        var untagged = !image.Contains('@') && !image[(image.LastIndexOf('/') + 1)..].Contains(':');
        Default(container, "imagePullPolicy", untagged || image.EndsWith(":latest", StringComparison.Ordinal) ? "Always" : "IfNotPresent");
        Default(container, "terminationMessagePath", "/dev/termination-log");
        Default(container, "terminationMessagePolicy", "File");
        container["resources"] ??= new JsonObject();
        // A limit alone is the request as well.
        if (container["resources"] is JsonObject resources && resources["limits"] is JsonObject limits)
        {
            var requests = resources["requests"] as JsonObject ?? [];
            foreach (var (resource, limit) in limits.Where(limit => !requests.ContainsKey(limit.Key)).ToList())
            {
                requests[resource] = limit?.DeepClone();
            }

            if (requests.Parent is null && requests.Count > 0)
            {
                resources["requests"] = requests;
            }
        }
    }

    private static void AddTolerations(JsonObject spec)
    {
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        foreach (var key in new[] { "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable" })
        {
            if (!tolerations.Any(toleration => (string?)toleration?["key"] == key))
            {
                tolerations.Add(new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300 });
            }
        }

        if (tolerations.Parent is null)
        {
            spec["tolerations"] = tolerations;
        }
    }

    private static void Default(JsonObject @object, string name, JsonNode value) => @object[name] ??= value;
}
