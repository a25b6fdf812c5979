using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Api;
using ContainerGroups.Kubernetes.Simulation.Nodes;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>Everything between a decoded pod and a stored one, in the order of the real API server.</summary>
internal sealed class Admission(PodStore pods, Namespaces namespaces, string directory, SimulationOptions options)
{
    private const string Suffixes = "bcdfghjklmnpqrstvwxz2456789";

    public ConcurrentDictionary<string, Func<JsonObject, WebhookDenial?>> Webhooks { get; } = new();

    /// <returns>A pod that may be stored.</returns>
    public StoredPod Admit(string @namespace, JsonObject body)
    {
        var metadata = body["metadata"]!.AsObject();
        var spec = body["spec"] as JsonObject ?? [];
        var name = NameOf(metadata);
        PodDefaults.Apply(spec);
        if (!namespaces.Exists(@namespace))
        {
            throw Statuses.NotFound("namespaces", @namespace);
        }

        var account = (string)spec["serviceAccountName"]!;
        if (!namespaces.HasServiceAccount(@namespace, account))
        {
            throw Statuses.Forbidden("pods", name, $"error looking up service account {@namespace}/{account}: serviceaccount \"{account}\" not found");
        }

        var pod = new JsonObject
        {
            ["metadata"] = Stamped(metadata, @namespace, name),
            ["spec"] = spec.Parent is null ? spec : spec.DeepClone(),
            ["status"] = new JsonObject { ["phase"] = "Pending" },
        };
        AskWebhooks(pod);
        if (PodValidation.Check(pod, options.Version.SortsAllowedValues) is { Count: > 0 } causes)
        {
            throw Statuses.Invalid("Pod", name, causes);
        }

        PodDefaults.MountServiceAccount(pod["spec"]!.AsObject(), Random(5));
        var stored = new StoredPod(pod, Path.Combine(directory, (string)pod["metadata"]!["uid"]!));
        stored.Status["qosClass"] = PodDefaults.QualityOfService(stored);
        CheckQuotas(stored);
        return stored;
    }

    private static string NameOf(JsonObject metadata)
    {
        var name = (string?)metadata["name"];
        if (string.IsNullOrEmpty(name) && (string?)metadata["generateName"] is { Length: > 0 } prefix)
        {
            name = prefix + Random(5);
        }

        return string.IsNullOrEmpty(name)
            ? throw Statuses.Invalid("Pod", "", [new("FieldValueRequired", "metadata.name", "Required value: name or generateName is required")])
            : name;
    }

    private static string Random(int length) => RandomNumberGenerator.GetString(Suffixes, length);

    private JsonObject Stamped(JsonObject given, string @namespace, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (given["generateName"] is { } prefix)
        {
            metadata["generateName"] = prefix.DeepClone();
        }

        metadata["namespace"] = @namespace;
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Time.Text(options.Clock.GetUtcNow());
        foreach (var kept in new[] { "labels", "annotations", "finalizers", "ownerReferences" })
        {
            if (given[kept] is { } value)
            {
                metadata[kept] = value.DeepClone();
            }
        }

        return metadata;
    }

    private void AskWebhooks(JsonObject pod)
    {
        foreach (var (webhook, ask) in Webhooks)
        {
            if (ask(pod) is { } denial)
            {
                throw new StatusException(
                    denial.Code, denial.Reason, $"admission webhook \"{webhook}\" denied the request" + (denial.Message is null ? " without explanation" : ": " + denial.Message));
            }
        }
    }

    private void CheckQuotas(StoredPod pod)
    {
        foreach (var (name, hard) in namespaces.Quotas(pod.Namespace))
        {
            var missing = hard.Keys.Where(key => key.Contains('.') && pod.Containers.Any(container =>
                Quantity.Of(container, key.Split('.')[0], key.Split('.')[1]) is null)).Order(StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                throw Statuses.Forbidden("pods", pod.Name, $"failed quota: {name}: must specify {string.Join(",", missing)}");
            }

            var others = pods.All(pod.Namespace).Where(other => !other.HasEnded).ToList();
            var exceeded = hard.OrderBy(limit => limit.Key, StringComparer.Ordinal)
                .Select(limit => (limit.Key, Limit: limit.Value, Requested: Usage(pod, limit.Key), Used: others.Sum(other => Usage(other, limit.Key))))
                .Where(one => one.Requested > 0 && one.Used + one.Requested > Quantity.Parse(one.Limit))
                .Select(one => (one.Key, Requested: Text(one.Key, one.Requested), Used: Text(one.Key, one.Used), Limited: one.Limit))
                .ToList();
            if (exceeded.Count > 0)
            {
                throw Statuses.Forbidden("pods", pod.Name, $"exceeded quota: {name}, "
                    + $"requested: {string.Join(",", exceeded.Select(one => $"{one.Key}={one.Requested}"))}, "
                    + $"used: {string.Join(",", exceeded.Select(one => $"{one.Key}={one.Used}"))}, "
                    + $"limited: {string.Join(",", exceeded.Select(one => $"{one.Key}={one.Limited}"))}");
            }
        }
    }

    private static decimal Usage(StoredPod pod, string resource) => resource switch
    {
        "pods" or "count/pods" => 1,
        "cpu" or "memory" => Quantity.Requested(pod, resource),
        _ when resource.Split('.') is [var side, var name] => Quantity.Sum(pod, side, name),
        _ => 0,
    };

    private static string Text(string resource, decimal value) => resource.EndsWith("cpu", StringComparison.Ordinal) && value != Math.Truncate(value)
        ? $"{Math.Ceiling(value * 1000):0}m"
        : resource.EndsWith("memory", StringComparison.Ordinal) && value > 0 && value % (1 << 20) == 0 ? $"{value / (1 << 20):0}Mi" : $"{value:0}";
}
