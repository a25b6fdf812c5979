using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ContainerGroups.Host.OData.Batch;

/// <summary>Reads a batch in JSON. Its requests name those that they depend on, which have to come before them.</summary>
internal static class JsonBatch
{
    public static List<BatchPart> Read(ReadOnlyMemory<byte> body)
    {
        using var json = Parse(body);
        if (json.RootElement.ValueKind != JsonValueKind.Object
            || !json.RootElement.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array)
        {
            throw ODataFault.BadRequest("A batch is an object with the array \"requests\".");
        }

        var parts = new List<BatchPart>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in requests.EnumerateArray())
        {
            var part = Part(request);
            Check(part, known);
            parts.Add(part);
        }

        return parts;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw ODataFault.BadRequest("The batch is not UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw ODataFault.BadRequest($"The batch is not JSON: {e.Message}");
        }
    }

    private static void Check(BatchPart part, HashSet<string> known)
    {
        if (part.DependsOn.FirstOrDefault(id => !known.Contains(id)) is { } missing)
        {
            throw ODataFault.BadRequest($"Request \"{part.Id}\" depends on \"{missing}\", which does not come before it.");
        }

        if (!known.Add(part.Id!))
        {
            throw ODataFault.BadRequest($"The batch has more than one \"{part.Id}\".");
        }

        if (part.Group is { } group)
        {
            known.Add(group);
        }
    }

    private static BatchPart Part(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw ODataFault.BadRequest("A request of a batch is an object with \"id\", \"method\" and \"url\".");
        }

        return new BatchPart(Text(json, "method").ToUpperInvariant(), Text(json, "url"))
        {
            Id = Text(json, "id"),
            Group = json.TryGetProperty("atomicityGroup", out _) ? Text(json, "atomicityGroup") : null,
            DependsOn = Texts(json, "dependsOn"),
            Headers = Headers(json),
            Body = json.TryGetProperty("body", out var body) ? Body(body) : default,
        };
    }

    private static List<(string, string)> Headers(JsonElement json) =>
        json.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object
            ? [.. headers.EnumerateObject().Where(header => header.Value.ValueKind == JsonValueKind.String).Select(header => (header.Name, header.Value.GetString()!))]
            : [];

    private static byte[] Body(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.String => Encoding.UTF8.GetBytes(body.GetString()!),
        _ => Encoding.UTF8.GetBytes(body.GetRawText()),
    };

    private static List<string> Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw ODataFault.BadRequest($"\"{name}\" of a request of a batch is an array of texts.");
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw ODataFault.BadRequest($"A request of a batch needs the text \"{name}\".");
}
