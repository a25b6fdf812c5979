using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

/// <summary>Short ways to make pods in tests.</summary>
internal static class Pods
{
    public static PodSpecRequest Request(string text = "") => new()
    {
        InstallationId = "0f3c7c1e-install",
        JobId = 42,
        Attempt = 1,
        Override = text,
        DefaultImage = "registry.example/default:1",
    };

    public static EffectivePod Build(string text) => PodSpecBuilder.Merge(Request(text));

    public static JsonNode? At(this EffectivePod pod, params object[] path) => path.Aggregate(
        (JsonNode?)pod.Pod, (node, step) => step is int index ? node?[index] : node?[(string)step]);

    /// <summary>The worker of a pod.</summary>
    public static JsonObject Worker(this EffectivePod pod) =>
        pod.Pod["spec"]!["containers"]!.AsArray().Single(container => container!["name"]!.GetValue<string>() == "worker")!.AsObject();

    public static PodSpecError[] ErrorsOf(string text) =>
        [.. Assert.Throws<PodSpecException>(() => Build(text))!.Errors];

    public static string Json(JsonNode? node) => node?.ToJsonString() ?? "null";
}
