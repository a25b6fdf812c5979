using System.Globalization;

namespace ContainerGroups.Host.InstanceGroups.Capacity;

/// <summary>Reads processors and memory as Kubernetes writes them, with AWX's rounding and AWX's answers to nonsense.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, long Factor)[] MemorySuffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("k", 1_000), ("K", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("P", 1_000_000_000_000_000),
    ];

    /// <summary>Processors to one place after the point, at least 0.1: <c>2</c>, <c>1.5</c>, <c>500m</c>. Nonsense is one processor.</summary>
    public static decimal Cpu(string text)
    {
        var isMilli = text.EndsWith('m');
        return decimal.TryParse(isMilli ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number < 1_000_000_000
                ? Math.Max(0.1m, Math.Round(isMilli ? number / 1000 : number, 1, MidpointRounding.AwayFromZero))
                : 1;
    }

    /// <summary>Bytes: <c>2Gi</c>, <c>4096Mi</c>, <c>2G</c>, <c>2000000</c>. Nonsense, fractions too, is one byte.</summary>
    public static long Memory(string text)
    {
        var (suffix, factor) = MemorySuffixes.FirstOrDefault(known => text.EndsWith(known.Suffix, StringComparison.Ordinal), ("", 1));
        return long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= long.MaxValue / factor
                ? number * factor
                : 1;
    }
}
