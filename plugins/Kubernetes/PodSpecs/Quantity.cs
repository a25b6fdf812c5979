using System.Globalization;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>An amount of a resource as Kubernetes writes it: <c>250m</c>, <c>2</c>, <c>100Mi</c>, <c>1e3</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("n", 1e-9), ("u", 1e-6), ("m", 1e-3), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18),
    ];

    /// <summary>Precise enough to compare two; null when it is none.</summary>
    public static double? Parse(string text)
    {
        var (suffix, factor) = Suffixes.FirstOrDefault(known => text.EndsWith(known.Suffix, StringComparison.Ordinal), (Suffix: "", Factor: 1));
        return double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
    }
}
