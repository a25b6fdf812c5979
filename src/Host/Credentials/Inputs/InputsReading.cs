using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials.Inputs;

/// <summary>Takes a credential's values out of a body, by the schema of its type, with AWX's messages. No message holds a secret.</summary>
/// <param name="fields">The schema.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class InputsReading(IReadOnlyList<InputField> fields, FieldErrors errors)
{
    public const string Name = "inputs";

    /// <summary>What stands for a value that is asked for at launch.</summary>
    public const string Ask = "ASK";

    /// <summary>In characters, of one value.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>Reads them.</summary>
    /// <param name="json">What the body says.</param>
    /// <param name="stored">What the credential has now, as it is shown; null for a new one.</param>
    public GivenInputs Read(JsonElement json, string? stored)
    {
        var given = new GivenInputs();
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(Name, "An object is expected, from field to value.");
            return given;
        }

        var before = stored is null ? [] : JsonNode.Parse(stored)!.AsObject();
        foreach (var member in json.EnumerateObject())
        {
            if (fields.FirstOrDefault(own => own.Id == member.Name) is not { } input)
            {
                errors.Add(Name, $"Additional properties are not allowed ('{member.Name}' was unexpected)");
            }
            else if (TypeFault(input, member.Value) is { } fault)
            {
                errors.Add(Name, input.Id, fault);
            }
            else
            {
                Take(given, input, member.Value, before);
            }
        }

        return given;
    }

    private void Take(GivenInputs given, InputField input, JsonElement json, JsonObject before)
    {
        if (IsEmpty(json) && (input.Type != InputFieldType.Integer || json.ValueKind == JsonValueKind.Null))
        {
            // An empty secret is no secret.
            if (!input.Secret && Empty(input) is { } empty)
            {
                given.Shown[input.Id] = empty;
            }

            return;
        }

        if (input.Type != InputFieldType.String)
        {
            given.Shown[input.Id] = CredentialSchema.Value(json)!;
            return;
        }

        var text = json.GetString()!;
        if (text == Credential.Hidden)
        {
            Keep(given, input, before);
        }
        else if (text == Ask && input.AskAtRuntime)
        {
            given.Shown[input.Id] = text;
        }
        else if (!input.Secret)
        {
            given.Shown[input.Id] = text;
        }
        else
        {
            given.Shown[input.Id] = Credential.Hidden;
            given.NewSecrets[input.Id] = text;
        }

        if (TextFault(input, text) is { } fault)
        {
            errors.Add(Name, input.Id, fault);
        }
    }

    /// <summary>What AWX takes for no value, whatever the type of the field.</summary>
    private static bool IsEmpty(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => json.ValueEquals(""),
        JsonValueKind.Number => json.TryGetDouble(out var number) && number is 0,
        _ => false,
    };

    /// <summary>What no value stands for: the first choice, an empty text, no; null for a number that is not there.</summary>
    private static object? Empty(InputField input) => input.Type switch
    {
        InputFieldType.Boolean => false,
        InputFieldType.String => input.Choices.Count > 0 ? input.Choices[0] : "",
        _ => null,
    };

    private void Keep(GivenInputs given, InputField input, JsonObject before)
    {
        if (input.Secret && before[input.Id]?.GetValueKind() == JsonValueKind.String && (string?)before[input.Id] == Credential.Hidden)
        {
            given.Shown[input.Id] = Credential.Hidden;
            given.Kept.Add(input.Id);
        }
        else
        {
            errors.Add(Name, $"{Credential.Hidden} is a reserved keyword, and cannot be used for {input.Id}.");
        }
    }

    private static string? TypeFault(InputField input, JsonElement json) => (input.Type, json.ValueKind) switch
    {
        (_, JsonValueKind.Null) => null,
        (InputFieldType.Boolean or InputFieldType.String, _) when IsEmpty(json) => null,
        (InputFieldType.Boolean, JsonValueKind.True or JsonValueKind.False) => null,
        (InputFieldType.Boolean, _) => $"{json.GetRawText()} is not of type 'boolean'",
        (InputFieldType.Integer, JsonValueKind.Number) when json.TryGetInt64(out _) => null,
        (InputFieldType.Integer, _) => $"{json.GetRawText()} is not of type 'integer'",
        (_, JsonValueKind.String) => null,
        _ when input.Secret => "The value is not of type 'string'",
        _ => $"{json.GetRawText()} is not of type 'string'",
    };

    private static string? TextFault(InputField input, string text)
    {
        if (text is Credential.Hidden or "" || (text == Ask && input.AskAtRuntime))
        {
            return null;
        }

        if (text.Length > MaxLength)
        {
            return $"Ensure this field has no more than {MaxLength} characters.";
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return "Null characters are not allowed.";
        }

        if (input.Choices.Count > 0 && !input.Choices.Contains(text))
        {
            var choices = string.Join(", ", input.Choices.Select(choice => $"'{choice}'"));
            return input.Secret ? $"The value is not one of [{choices}]" : $"'{text}' is not one of [{choices}]";
        }

        return input.Format switch
        {
            CredentialSchema.UrlFormat => UrlText.FaultOf(text),
            CredentialSchema.PrivateKeyFormat when PrivateKeyText.IsEncrypted(text) is null =>
                "Invalid certificate or key: a private key in PEM form is expected (-----BEGIN … PRIVATE KEY-----).",
            _ => null,
        };
    }
}
