using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Inventories;

/// <summary>Variables as people give them to the API: one text that holds a YAML or JSON mapping.</summary>
internal static class VariablesText
{
    /// <summary>False, with AWX's sentence about it, when the text is no mapping; an empty text is an empty mapping.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonObject? variables, [NotNullWhen(false)] out string? error)
    {
        (variables, error) = (null, null);
        if (string.IsNullOrWhiteSpace(text))
        {
            variables = [];
            return true;
        }

        JsonNode? read;
        try
        {
            read = TryJson(text, out var jsonError) ?? ReadYaml(text, jsonError);
        }
        catch (VariablesException e)
        {
            error = e.Message;
            return false;
        }

        variables = read is null ? [] : read as JsonObject;
        error = variables is null ? $"Input type `{NameOf(read!)}` is not a dictionary: variables must be a mapping of names to values." : null;
        return variables is not null;
    }

    /// <summary>Of a text that was accepted when it was stored.</summary>
    /// <exception cref="VariablesException">It is no mapping.</exception>
    public static JsonObject Parse(string text) =>
        TryParse(text, out var variables, out var error) ? variables : throw new VariablesException(error);

    private static JsonNode? TryJson(string text, out string error)
    {
        try
        {
            error = "";
            // Repeated keys: the last one counts, as in YAML and in Python, where the node type would only fail later.
            using var document = JsonDocument.Parse(text);
            return NodeOf(document.RootElement);
        }
        catch (JsonException e)
        {
            error = e.Message;
            return null;
        }
    }

    private static JsonNode? NodeOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var mapping = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    mapping[property.Name] = NodeOf(property.Value);
                }

                return mapping;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(NodeOf)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    private static JsonNode? ReadYaml(string text, string jsonError)
    {
        try
        {
            return YamlReader.Read(text);
        }
        catch (VariablesException e)
        {
            throw new VariablesException($"Cannot parse as JSON (error: {jsonError}) or YAML (error: {e.Message}).");
        }
    }

    private static string NameOf(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.Number => "number",
        _ => "bool",
    };
}
