using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Inventories;

/// <summary>Numbers written so that the reader gets the same type back: 1.0 stays a float, and no integer is too long.</summary>
internal static class JsonNumbers
{
    public static JsonNode Of(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue
            ? JsonValue.Create((long)value)
            : JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture))!;

    public static JsonNode Of(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return JsonNode.Parse(text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0")!;
    }
}
