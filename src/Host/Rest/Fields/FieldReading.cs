using System.Globalization;
using System.Text.Json;

namespace ContainerGroups.Host.Rest.Fields;

/// <summary>Takes a field's value out of a body, with AWX's coercions and messages.</summary>
internal static class FieldReading
{
    private const string NotAString = "Not a valid string.";

    /// <summary>The value as the entity takes it, or what is wrong with it.</summary>
    public static (object? Value, string? Error) Read(Field field, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null && (field.AllowNull || field.Kind is not FieldKind.Boolean))
        {
            return Null(field);
        }

        return field.Kind switch
        {
            FieldKind.String => String(field, json),
            FieldKind.Choice => Choice(field, json),
            FieldKind.Boolean => Boolean(json),
            FieldKind.Integer => Integer(field, json),
            FieldKind.Float => Float(json),
            FieldKind.Decimal => Decimal(field, json),
            FieldKind.Id => Id(json),
            FieldKind.DateTime => DateTime(json),
            FieldKind.Json => (json.GetRawText(), null),
            FieldKind.StringList => StringList(json),
            _ => throw new InvalidOperationException($"The field {field.Name} can't be read."),
        };
    }

    private static (object?, string?) Null(Field field) => field switch
    {
        { AllowNull: true } => (null, null),
        { Kind: FieldKind.String or FieldKind.Choice, AllowBlank: true } => ("", null),
        _ => (null, "This field may not be null."),
    };

    private static (object?, string?) String(Field field, JsonElement json)
    {
        if (json.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return (null, NotAString);
        }

        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();

        // AWX cuts the white space around names, and leaves long texts such as variables as they are.
        text = field.MaxLength is null ? text : text.Trim();
        return text switch
        {
            _ when text.Contains('\0', StringComparison.Ordinal) => (null, "Null characters are not allowed."),
            _ when text.Length == 0 && !field.AllowBlank => (null, "This field may not be blank."),
            _ when text.Length > field.MaxLength => (null, $"Ensure this field has no more than {field.MaxLength} characters."),
            _ => (text, null),
        };
    }

    private static (object?, string?) Choice(Field field, JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        {
            return (null, field.NoChoice ?? $"\"{Clip(json.GetRawText())}\" is not a valid choice.");
        }

        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        return field.Choices.Any(choice => choice.Value == text) || (text.Length == 0 && field.AllowBlank)
            ? (text, null)
            : (null, field.NoChoice ?? $"\"{Clip(text)}\" is not a valid choice.");
    }

    private static (object?, string?) Boolean(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => (true, null),
        JsonValueKind.False or JsonValueKind.Null => (false, null),
        JsonValueKind.Number when json.TryGetDouble(out var number) && number is 0 or 1 => (json.GetDouble() is 1, null),
        JsonValueKind.String => Booleans.Read(json.GetString()!) is { } flag ? (flag, null) : (null, "Must be a valid boolean."),
        _ => (null, "Must be a valid boolean."),
    };

    private static (object?, string?) Integer(Field field, JsonElement json)
    {
        if (WholeNumber(json) is not { } number)
        {
            return (null, "A valid integer is required.");
        }

        return number switch
        {
            _ when number < field.Min => (null, $"Ensure this value is greater than or equal to {field.Min}."),
            _ when number > field.Max => (null, $"Ensure this value is less than or equal to {field.Max}."),
            _ => (number, null),
        };
    }

    private static (object?, string?) Float(JsonElement json)
    {
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        return json.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? (number, null)
                : (null, "A valid number is required.");
    }

    private static (object?, string?) Decimal(Field field, JsonElement json)
    {
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()!.Trim() : json.GetRawText();
        if (json.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)
            || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return (null, "A valid number is required.");
        }

        return number switch
        {
            _ when number < field.Min => (null, $"Ensure this value is greater than or equal to {field.Min}."),
            _ when number > field.Max => (null, $"Ensure this value is less than or equal to {field.Max}."),
            _ when number != Math.Round(number, 2) => (null, "Ensure that there are no more than 2 decimal places."),
            _ => (number, null),
        };
    }

    private static (object?, string?) Id(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.String when WholeNumber(json) is { } id => (id, null),
        JsonValueKind.String when json.GetString()!.Length == 0 => (null, null),
        _ => (null, $"Incorrect type. Expected pk value, received {PythonType(json)}."),
    };

    private static (object?, string?) DateTime(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && Moments.Read(json.GetString()!) is { } moment
            ? (moment, null)
            : (null, "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");

    private static (object?, string?) StringList(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return (null, $"Expected a list of items but got type \"{PythonType(json)}\".");
        }

        return json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && !item.GetString()!.Contains('\0', StringComparison.Ordinal))
            ? (json.GetRawText(), null)
            : (null, NotAString);
    }

    private static long? WholeNumber(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return long.TryParse(json.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        }

        if (json.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        // 5.0 is 5, as in AWX.
        return json.TryGetInt64(out var number) ? number
            : json.TryGetDecimal(out var real) && real == decimal.Truncate(real) && real is >= long.MinValue and <= long.MaxValue ? (long)real
            : null;
    }

    private static string Clip(string text) => text.Length <= 100 ? text : text[..100] + "…";

    /// <summary>What AWX's messages call the type of a value.</summary>
    private static string PythonType(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => "str",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.Number when json.TryGetInt64(out _) => "int",
        JsonValueKind.Number => "float",
        _ => "NoneType",
    };
}
