using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Rest.Fields;

namespace ContainerGroups.Host.Credentials;

/// <summary>The fields of a credential type, between AWX's JSON (<c>fields</c>, <c>required</c>) and the contract's form.</summary>
internal static class CredentialSchema
{
    public const string PrivateKeyFormat = "ssh_private_key";
    public const string UrlFormat = "url";

    /// <summary>Reads a stored schema, which was checked before it was stored.</summary>
    public static IReadOnlyList<InputField> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var required = root.TryGetProperty("required", out var ids) ? ids.EnumerateArray().Select(id => id.GetString()).ToHashSet() : [];
        return root.TryGetProperty("fields", out var fields)
            ? [.. fields.EnumerateArray().Select(field => Read(field) with { Required = required.Contains(field.GetProperty("id").GetString()) })]
            : [];
    }

    /// <summary>A plugin's fields as AWX writes them.</summary>
    public static string ToJson(IReadOnlyList<InputField> fields)
    {
        var list = new JsonArray();
        foreach (var field in fields)
        {
            list.Add(Write(field));
        }

        var schema = new JsonObject { ["fields"] = list };
        if (fields.Any(field => field.Required))
        {
            schema["required"] = new JsonArray([.. fields.Where(field => field.Required).Select(field => JsonValue.Create(field.Id))]);
        }

        return schema.ToJsonString(JsonValues.SerializerOptions);
    }

    private static InputField Read(JsonElement field)
    {
        var type = Text("type") switch
        {
            "boolean" => InputFieldType.Boolean,
            "integer" => InputFieldType.Integer,
            _ => InputFieldType.String,
        };
        return new InputField
        {
            Id = Text("id")!,
            Label = Text("label") ?? "",
            Type = type,
            Secret = Flag("secret"),
            Multiline = Flag("multiline"),
            AskAtRuntime = Flag("ask_at_runtime"),
            Format = Text("format"),
            HelpText = Text("help_text") ?? "",
            Choices = field.TryGetProperty("choices", out var choices) ? [.. choices.EnumerateArray().Select(choice => choice.GetString()!)] : [],
            Default = field.TryGetProperty("default", out var value) ? Value(value) : null,
        };

        string? Text(string name) => field.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

        bool Flag(string name) => field.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
    }

    /// <summary>A value as the contract takes it; null for none.</summary>
    public static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt64(out var number) => number,
        _ => null,
    };

    private static JsonObject Write(InputField field)
    {
        var json = new JsonObject { ["id"] = field.Id, ["label"] = field.Label, ["type"] = JsonNamingPolicy.CamelCase.ConvertName(field.Type.ToString()) };
        Add("secret", field.Secret ? true : null);
        Add("multiline", field.Multiline ? true : null);
        Add("ask_at_runtime", field.AskAtRuntime ? true : null);
        Add("format", field.Format);
        Add("help_text", field.HelpText.Length > 0 ? field.HelpText : null);
        Add("choices", field.Choices.Count > 0 ? new JsonArray([.. field.Choices.Select(choice => JsonValue.Create(choice))]) : null);
        Add("default", field.Default switch
        {
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            long number => JsonValue.Create(number),
            _ => null,
        });
        return json;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }
}
