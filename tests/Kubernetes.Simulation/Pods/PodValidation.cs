using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ContainerGroups.Kubernetes.Simulation.Api;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>The mistakes in a pod that its writers make, in the words of the real validation. What it doesn't look at, it lets through.</summary>
internal static partial class PodValidation
{
    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static IReadOnlyList<Cause> Check(JsonObject pod, bool sortsValues)
    {
        var causes = new List<Cause>();
        CheckMetadata(pod["metadata"]!.AsObject(), causes);
        var spec = pod["spec"]!.AsObject();
        var volumes = (spec["volumes"] as JsonArray ?? []).Select(volume => (string?)volume?["name"]).ToHashSet();
        CheckContainers(spec["containers"] as JsonArray, "spec.containers", volumes, causes);
        if (spec["initContainers"] is JsonArray init)
        {
            CheckContainers(init, "spec.initContainers", volumes, causes);
        }

        OneOf(spec["restartPolicy"], "spec.restartPolicy", causes, sortsValues ? ["Always", "Never", "OnFailure"] : ["Always", "OnFailure", "Never"]);
        if (spec["activeDeadlineSeconds"] is { } deadline && (long)deadline is < 1 or > int.MaxValue)
        {
            causes.Add(new("FieldValueInvalid", "spec.activeDeadlineSeconds", $"Invalid value: {deadline}: must be between 1 and 2147483647, inclusive"));
        }

        return causes;
    }

    private static void CheckMetadata(JsonObject metadata, List<Cause> causes)
    {
        var name = (string)metadata["name"]!;
        if (!Subdomain().IsMatch(name) || name.Length > 253)
        {
            causes.Add(Invalid("metadata.name", name, name.Length > 253 ? "must be no more than 253 characters" : SubdomainRule));
        }

        foreach (var (_, value) in metadata["labels"] as JsonObject ?? [])
        {
            var text = value?.ToString() ?? "";
            if (text.Length > 63)
            {
                causes.Add(Invalid("metadata.labels", text, "must be no more than 63 characters"));
            }

            if (!LabelValue().IsMatch(text))
            {
                causes.Add(Invalid("metadata.labels", text, LabelValueRule));
            }
        }
    }

    private static void CheckContainers(JsonArray? containers, string path, HashSet<string?> volumes, List<Cause> causes)
    {
        if (containers is null or { Count: 0 })
        {
            causes.Add(Required(path));
            return;
        }

        var names = new HashSet<string>();
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i]!.AsObject();
            var at = $"{path}[{i}]";
            var name = (string?)container["name"] ?? "";
            if (name == "")
            {
                causes.Add(Required(at + ".name"));
            }
            else if (!Label().IsMatch(name))
            {
                causes.Add(Invalid(at + ".name", name, LabelRule));
            }
            else if (!names.Add(name))
            {
                causes.Add(new("FieldValueDuplicate", at + ".name", $"Duplicate value: \"{name}\""));
            }

            CheckContainer(container, at, volumes, causes);
        }
    }

    private static void CheckContainer(JsonObject container, string at, HashSet<string?> volumes, List<Cause> causes)
    {
        var image = (string?)container["image"] ?? "";
        if (image == "")
        {
            causes.Add(Required(at + ".image"));
        }
        else if (image.Trim() != image)
        {
            causes.Add(Invalid(at + ".image", image, "must not have leading or trailing whitespace"));
        }

        foreach (var (variable, i) in (container["env"] as JsonArray ?? []).Select((variable, i) => (variable, i)))
        {
            if (string.IsNullOrEmpty((string?)variable?["name"]))
            {
                causes.Add(Required($"{at}.env[{i}].name"));
            }
        }

        OneOf(container["imagePullPolicy"], at + ".imagePullPolicy", causes, ["Always", "IfNotPresent", "Never"]);
        var mounts = container["volumeMounts"] as JsonArray ?? [];
        for (var i = 0; i < mounts.Count; i++)
        {
            var name = (string?)mounts[i]?["name"] ?? "";
            if (!volumes.Contains(name))
            {
                causes.Add(new("FieldValueNotFound", $"{at}.volumeMounts[{i}].name", $"Not found: \"{name}\""));
            }

            if (string.IsNullOrEmpty((string?)mounts[i]?["mountPath"]))
            {
                causes.Add(Required($"{at}.volumeMounts[{i}].mountPath"));
            }
        }

        foreach (var (resource, request) in container["resources"]?["requests"] as JsonObject ?? [])
        {
            if (Quantity.Of(container, "limits", resource) is { } limit && Quantity.Parse(request?.ToString()) > limit)
            {
                causes.Add(Invalid($"{at}.resources.requests", request!.ToString(), $"must be less than or equal to {resource} limit"));
            }
        }
    }

    private static void OneOf(JsonNode? value, string field, List<Cause> causes, string[] allowed)
    {
        if ((string?)value is { } text && !allowed.Contains(text))
        {
            causes.Add(new("FieldValueNotSupported", field, string.Create(CultureInfo.InvariantCulture,
                $"Unsupported value: \"{text}\": supported values: {string.Join(", ", allowed.Select(one => $"\"{one}\""))}")));
        }
    }

    private static Cause Required(string field) => new("FieldValueRequired", field, "Required value");

    private static Cause Invalid(string field, string value, string why) => new("FieldValueInvalid", field, $"Invalid value: \"{value}\": {why}");

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();
}
