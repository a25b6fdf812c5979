using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>The namespaces and what pods refer to in them.</summary>
internal sealed class Namespaces
{
    private readonly Dictionary<string, Contents> _all = new() { ["default"] = new(), ["kube-system"] = new() };

    public bool Exists(string name)
    {
        lock (_all)
        {
            return _all.ContainsKey(name);
        }
    }

    public void Add(string name)
    {
        lock (_all)
        {
            _all.TryAdd(name, new());
        }
    }

    public void AddServiceAccount(string @namespace, string name) => With(@namespace, contents => contents.ServiceAccounts.Add(name));

    public void AddConfigMap(string @namespace, string name, IEnumerable<string> keys) => With(@namespace, contents => contents.ConfigMaps[name] = [.. keys]);

    public void AddSecret(string @namespace, string name, IEnumerable<string> keys) => With(@namespace, contents => contents.Secrets[name] = [.. keys]);

    public void SetQuota(string @namespace, string name, IReadOnlyDictionary<string, string>? hard) => With(@namespace, contents =>
    {
        contents.Quotas.Remove(name);
        if (hard is not null)
        {
            contents.Quotas[name] = hard;
        }
    });

    public bool HasServiceAccount(string @namespace, string name) => Read(@namespace, contents => contents.ServiceAccounts.Contains(name));

    public IReadOnlyList<KeyValuePair<string, IReadOnlyDictionary<string, string>>> Quotas(string @namespace) =>
        Read(@namespace, contents => contents.Quotas.ToList()) ?? [];

    /// <summary>Why a container can't be made, in the kubelet's words: something that its environment refers to is not there.</summary>
    public string? MissingConfig(string @namespace, JsonObject container) => Read(@namespace, contents =>
    {
        foreach (var source in (container["envFrom"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (Missing(contents, source["configMapRef"], source["secretRef"], null) is { } missing)
            {
                return missing;
            }
        }

        foreach (var variable in (container["env"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var from = variable["valueFrom"];
            if (Missing(contents, from?["configMapKeyRef"], from?["secretKeyRef"], @namespace) is { } missing)
            {
                return missing;
            }
        }

        return null;
    });

    /// <summary>Why a pod's volumes can't be mounted.</summary>
    public string? MissingVolume(StoredPod pod) => Read(pod.Namespace, contents =>
    {
        foreach (var volume in (pod.Spec["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var secret = volume["secret"] is JsonObject named ? new JsonObject { ["name"] = (string?)named["secretName"], ["optional"] = (bool?)named["optional"] ?? false } : null;
            if (Missing(contents, volume["configMap"], secret, null) is { } missing)
            {
                return $"MountVolume.SetUp failed for volume \"{volume["name"]}\" : {missing}";
            }
        }

        return null;
    });

    private static string? Missing(Contents contents, JsonNode? configMap, JsonNode? secret, string? keysOf)
    {
        foreach (var (reference, kind, all) in new[] { (configMap, "configmap", contents.ConfigMaps), (secret, "secret", contents.Secrets) })
        {
            if (reference is null || (bool?)reference["optional"] == true)
            {
                continue;
            }

            var name = (string?)reference["name"] ?? "";
            if (!all.TryGetValue(name, out var keys))
            {
                return $"{kind} \"{name}\" not found";
            }

            if (keysOf is not null && (string?)reference["key"] is { } key && !keys.Contains(key))
            {
                return $"couldn't find key {key} in {(kind == "secret" ? "Secret" : "ConfigMap")} {keysOf}/{name}";
            }
        }

        return null;
    }

    private void With(string @namespace, Action<Contents> change)
    {
        lock (_all)
        {
            _all.TryAdd(@namespace, new());
            change(_all[@namespace]);
        }
    }

    private T? Read<T>(string @namespace, Func<Contents, T> read)
    {
        lock (_all)
        {
            return _all.TryGetValue(@namespace, out var contents) ? read(contents) : default;
        }
    }

    private sealed class Contents
    {
        public HashSet<string> ServiceAccounts { get; } = ["default"];

        public Dictionary<string, HashSet<string>> ConfigMaps { get; } = new() { ["kube-root-ca.crt"] = ["ca.crt"] };

        public Dictionary<string, HashSet<string>> Secrets { get; } = [];

        public Dictionary<string, IReadOnlyDictionary<string, string>> Quotas { get; } = [];
    }
}
