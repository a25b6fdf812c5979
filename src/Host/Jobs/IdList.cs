using System.Text.Json;

namespace ContainerGroups.Host.Jobs;

/// <summary>A list of ids in a body.</summary>
internal static class IdList
{
    public const string Expected = "Expected a list of ids of instance groups.";

    public const string ExpectedLabels = "Expected a list of ids of labels.";

    /// <returns>The ids in their order; null when it is no such list.</returns>
    public static List<long>? Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _))
            ? [.. json.EnumerateArray().Select(id => id.GetInt64())]
            : null;
}
