using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Checks a group's settings for its backend: by the backend's schema, then by the backend itself. All errors at once.</summary>
internal static class BackendSettings
{
    private const string Field = "backend_settings";

    public static void Check(IExecutionBackend backend, string json, FieldErrors errors)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            errors.Add(Field, "An object is expected, from setting to value.");
            return;
        }

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (backend.Settings.FirstOrDefault(setting => setting.Id == member.Name) is not { } setting)
            {
                errors.Add(Field, $"{member.Name}: the backend {backend.Name} has no such setting; it has {Names(backend)}.");
            }
            else if (Read(setting, member.Value) is var (value, error) && error is not null)
            {
                errors.Add(Field, $"{setting.Id}: {error}");
            }
            else
            {
                values[setting.Id] = value;
            }
        }

        foreach (var setting in backend.Settings.Where(setting => values.GetValueOrDefault(setting.Id) is null))
        {
            values[setting.Id] = setting.Default;
            if (setting is { Required: true, Default: null } && !errors.Has(Field))
            {
                errors.Add(Field, $"{setting.Id}: This field is required.");
            }
        }

        if (!errors.Has(Field))
        {
            AskBackend(backend, new InputValues(values), errors);
        }
    }

    private static void AskBackend(IExecutionBackend backend, InputValues values, FieldErrors errors)
    {
        try
        {
            foreach (var error in backend.ValidateSettings(values))
            {
                errors.Add(Field, $"{error.Field}: {error.Message}");
            }
        }
        catch (BackendException e)
        {
            errors.Add(Field, $"The backend {backend.Name} can't check its settings: {e.Message}");
        }
    }

    private static (object? Value, string? Error) Read(InputField setting, JsonElement json) => (setting.Type, json.ValueKind) switch
    {
        (_, JsonValueKind.Null) => (null, null),
        (_, _) when setting.Secret => (null, "A secret can't be stored in a setting; it belongs in a credential."),
        (InputFieldType.Boolean, JsonValueKind.True or JsonValueKind.False) => (json.GetBoolean(), null),
        (InputFieldType.Boolean, _) => (null, "Must be a valid boolean."),
        (InputFieldType.Integer, JsonValueKind.Number) when json.TryGetInt64(out var number) => (number, null),
        (InputFieldType.Integer, _) => (null, "A valid integer is required."),
        (InputFieldType.String, JsonValueKind.String) when setting.Choices.Count > 0 && !setting.Choices.Contains(json.GetString()!) =>
            (null, $"\"{json.GetString()}\" is not a valid choice."),
        (InputFieldType.String, JsonValueKind.String) => (json.GetString(), null),
        _ => (null, "Not a valid string."),
    };

    private static string Names(IExecutionBackend backend) => backend.Settings.Count == 0
        ? "none"
        : string.Join(", ", backend.Settings.Select(setting => setting.Id));
}
