using System.Text.Json;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Credentials.Types;

/// <summary>What makes the <c>inputs</c> of a user-defined type legal: <c>fields</c> and <c>required</c>, in AWX's words.</summary>
internal sealed partial class InputsRules(FieldErrors errors)
{
    private const string Name = "inputs";
    private const string Reserved = "tower";

    private static readonly string[] Keys =
        ["id", "label", "type", "format", "choices", "help_text", "multiline", "secret", "default", "ask_at_runtime"];

    [GeneratedRegex(@"^[a-zA-Z_]+[a-zA-Z0-9_]*\z")]
    public static partial Regex VariableName();

    public void Check(JsonElement inputs)
    {
        if (inputs.ValueKind != JsonValueKind.Object)
        {
            Add("An object with 'fields' and 'required' is expected.");
            return;
        }

        foreach (var member in inputs.EnumerateObject())
        {
            switch (member.Name)
            {
                case "fields": CheckFields(member.Value); break;
                case "required": CheckRequired(member.Value); break;
                case "dependencies": Add("'dependencies' is not supported for custom credentials."); break;
                default: Add($"Additional properties are not allowed ('{member.Name}' was unexpected)"); break;
            }
        }
    }

    private void CheckRequired(JsonElement required)
    {
        if (required.ValueKind != JsonValueKind.Array || required.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
        {
            Add("'required' must be a list of field ids.");
        }
    }

    private void CheckFields(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Array)
        {
            Add("'fields' must be a list.");
            return;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields.EnumerateArray())
        {
            if (field.ValueKind != JsonValueKind.Object)
            {
                Add("Each of 'fields' must be an object.");
                continue;
            }

            if (CheckId(field) is { } id && !ids.Add(id))
            {
                Add($"Field IDs must be unique ({id}).");
            }

            CheckAttributes(field);
        }
    }

    private string? CheckId(JsonElement field)
    {
        if (Text(field, "id") is not { } id)
        {
            Add("'id' is a required property");
            return null;
        }

        if (id == Reserved)
        {
            Add($"{Reserved} is a reserved field name");
        }
        else if (!VariableName().IsMatch(id))
        {
            Add($"{id} is an invalid variable name");
        }

        return id;
    }

    private void CheckAttributes(JsonElement field)
    {
        var id = Text(field, "id") ?? "?";
        foreach (var member in field.EnumerateObject().Where(member => !Keys.Contains(member.Name)))
        {
            Add($"Additional properties are not allowed ('{member.Name}' was unexpected)");
        }

        if (string.IsNullOrEmpty(Text(field, "label")))
        {
            Add($"{id}: 'label' is a required property");
        }

        if (field.TryGetProperty("ask_at_runtime", out _))
        {
            Add($"{id}: 'ask_at_runtime' is not supported for custom credentials.");
        }

        var type = field.TryGetProperty("type", out _) ? Text(field, "type") : "string";
        if (type is not ("string" or "boolean"))
        {
            Add($"{id}: 'type' must be one of ['string', 'boolean']");
        }

        CheckOnlyOfStrings(field, id, type);
        CheckDefault(field, id, type);
    }

    private void CheckOnlyOfStrings(JsonElement field, string id, string? type)
    {
        foreach (var name in (string[])["secret", "multiline", "format", "choices"])
        {
            if (type == "boolean" && field.TryGetProperty(name, out var given) && given.ValueKind != JsonValueKind.False)
            {
                Add($"{id}: '{name}' is for strings only");
            }
        }

        foreach (var name in (string[])["secret", "multiline"])
        {
            if (field.TryGetProperty(name, out var flag) && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                Add($"{id}: '{name}' is not of type 'boolean'");
            }
        }

        if (field.TryGetProperty("help_text", out var help) && help.ValueKind != JsonValueKind.String)
        {
            Add($"{id}: 'help_text' is not of type 'string'");
        }

        if (field.TryGetProperty("format", out _) && Text(field, "format") is not (CredentialSchema.PrivateKeyFormat or CredentialSchema.UrlFormat))
        {
            Add($"{id}: 'format' must be one of ['{CredentialSchema.PrivateKeyFormat}', '{CredentialSchema.UrlFormat}']");
        }

        if (field.TryGetProperty("choices", out var choices) && !AreChoices(choices))
        {
            Add($"{id}: 'choices' must be a list of at least one string, each different");
        }
    }

    private void CheckDefault(JsonElement field, string id, string? type)
    {
        if (!field.TryGetProperty("default", out var value))
        {
            return;
        }

        if (type == "string" && value.ValueKind != JsonValueKind.String)
        {
            Add($"{value.GetRawText()} is not a string");
        }
        else if (type == "boolean" && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Add($"{value.GetRawText()} is not a boolean");
        }
        else if (field.TryGetProperty("secret", out var secret) && secret.ValueKind == JsonValueKind.True)
        {
            Add($"{id}: a secret can't have a default: everybody who sees the type would see it");
        }
    }

    private static bool AreChoices(JsonElement choices)
    {
        if (choices.ValueKind != JsonValueKind.Array || choices.EnumerateArray().Any(choice => choice.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        var texts = choices.EnumerateArray().Select(choice => choice.GetString()).ToList();
        return texts.Count > 0 && texts.Distinct(StringComparer.Ordinal).Count() == texts.Count;
    }

    private static string? Text(JsonElement field, string name) =>
        field.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private void Add(string message) => errors.Add(Name, message);
}
