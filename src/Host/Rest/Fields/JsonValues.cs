using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ContainerGroups.Host.Rest.Fields;

/// <summary>Text that is JSON already.</summary>
internal sealed record RawJson(string Text);

/// <summary>A part of an answer that writes itself.</summary>
internal sealed record JsonPart(Action<Utf8JsonWriter> Write);

/// <summary>Writes values as AWX does.</summary>
internal static class JsonValues
{
    /// <summary>Names and texts are shown as they are: the answer is JSON, never part of a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same for texts that are made before they are answered.</summary>
    public static readonly JsonSerializerOptions SerializerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case DateTime moment: writer.WriteStringValue(Moment(moment)); break;
            case Guid id: writer.WriteStringValue(id.ToString()); break;
            case RawJson json: writer.WriteRawValue(json.Text); break;
            case JsonPart part: part.Write(writer); break;
            case IEnumerable<string> texts:
                writer.WriteStartArray();
                foreach (var text in texts)
                {
                    writer.WriteStringValue(text);
                }

                writer.WriteEndArray();
                break;
            default: throw new ArgumentException($"A value of type {value.GetType().Name} has no form in JSON.", nameof(value));
        }
    }

    /// <summary>ISO 8601 in UTC with microseconds, always six digits.</summary>
    public static string Moment(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A decimal as AWX shows it, with a fixed number of places.</summary>
    public static string Decimal(decimal value, int places) => value.ToString("F" + places, CultureInfo.InvariantCulture);
}
