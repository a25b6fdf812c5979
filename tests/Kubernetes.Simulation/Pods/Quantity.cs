using System.Globalization;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>A resource quantity: <c>250m</c>, <c>2</c>, <c>100Mi</c>, <c>1e3</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("m", 0.001m), ("u", 0.000001m), ("n", 0.000000001m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    public static decimal? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var (suffix, factor) = Suffixes.FirstOrDefault(known => text.EndsWith(known.Suffix, StringComparison.Ordinal), (Suffix: "", Factor: 1m));
        return decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number * factor
            : null;
    }

    /// <summary>What a pod asks for: its containers together, or an init container that asks for more.</summary>
    public static decimal Requested(StoredPod pod, string resource) => Sum(pod, "requests", resource);

    public static decimal Sum(StoredPod pod, string side, string resource) => Math.Max(
        pod.Containers.Sum(container => Of(container, side, resource) ?? 0),
        pod.InitContainers.Select(container => Of(container, side, resource) ?? 0).DefaultIfEmpty().Max());

    public static decimal? Of(JsonObject container, string side, string resource) => Parse(container["resources"]?[side]?[resource]?.ToString());
}
