using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Api;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>Whether a body's fields are of the types that a pod has: without that a real server can't even decode it.</summary>
internal static class PodShape
{
    private static readonly string[] Texts = ["restartPolicy", "nodeName", "serviceAccountName", "schedulerName", "priorityClassName"];
    private static readonly string[] Numbers = ["activeDeadlineSeconds", "terminationGracePeriodSeconds"];
    private static readonly string[] Lists = ["containers", "initContainers", "volumes", "tolerations", "imagePullSecrets"];

    public static void Check(JsonObject body)
    {
        Is(body["metadata"], "Metadata", JsonValueKind.Object, "{");
        foreach (var part in new[] { "labels", "annotations" })
        {
            Is(body["metadata"]![part], $"ObjectMeta.{Go(part)}", JsonValueKind.Object, "{");
            foreach (var (_, value) in body["metadata"]![part] as JsonObject ?? [])
            {
                Is(value, $"ObjectMeta.{Go(part)}", JsonValueKind.String, "\"");
            }
        }

        Is(body["spec"], "Spec", JsonValueKind.Object, "{");
        if (body["spec"] is JsonObject spec)
        {
            CheckSpec(spec);
        }
    }

    private static void CheckSpec(JsonObject spec)
    {
        CheckFields(spec, "Spec: v1.PodSpec.", Texts, JsonValueKind.String, "\"");
        CheckFields(spec, "Spec: v1.PodSpec.", Numbers, JsonValueKind.Number, "a number");
        CheckFields(spec, "Spec: v1.PodSpec.", Lists, JsonValueKind.Array, "[");
        CheckFields(spec, "Spec: v1.PodSpec.", ["nodeSelector", "securityContext"], JsonValueKind.Object, "{");
        foreach (var list in new[] { "containers", "initContainers" })
        {
            foreach (var container in spec[list] as JsonArray ?? [])
            {
                var path = $"Spec: v1.PodSpec.{Go(list)}: []v1.Container: v1.Container.";
                Is(container, path, JsonValueKind.Object, "{");
                CheckContainer((JsonObject)container!, path);
            }
        }
    }

    private static void CheckContainer(JsonObject container, string path)
    {
        CheckFields(container, path, ["name", "image", "imagePullPolicy", "workingDir"], JsonValueKind.String, "\"");
        CheckFields(container, path, ["command", "args", "env", "envFrom", "volumeMounts"], JsonValueKind.Array, "[");
        CheckFields(container, path, ["resources"], JsonValueKind.Object, "{");
        foreach (var argument in (container["command"] as JsonArray ?? []).Concat(container["args"] as JsonArray ?? []))
        {
            Is(argument, path + "Args", JsonValueKind.String, "\"");
        }

        foreach (var side in new[] { "requests", "limits" })
        {
            foreach (var (_, quantity) in container["resources"]?[side] as JsonObject ?? [])
            {
                if (Quantity.Parse(quantity?.ToString()) is null)
                {
                    throw Refusal($"{path}Resources: v1.ResourceRequirements.{Go(side)}: unmarshalerDecoder: "
                        + "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                }
            }
        }
    }

    private static void CheckFields(JsonObject @object, string path, string[] names, JsonValueKind kind, string expected)
    {
        foreach (var name in names)
        {
            Is(@object[name], path + Go(name), kind, expected);
        }
    }

    private static void Is(JsonNode? node, string path, JsonValueKind kind, string expected)
    {
        if (node is not null && node.GetValueKind() != kind)
        {
            throw Refusal($"{path}: expects {expected} or n, but found {node.ToJsonString()[0]}");
        }
    }

    private static StatusException Refusal(string what) => Statuses.BadRequest($"Pod in version \"v1\" cannot be handled as a Pod: v1.Pod.{what}");

    private static string Go(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
