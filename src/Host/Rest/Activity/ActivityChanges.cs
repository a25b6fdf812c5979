using System.Buffers;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest.Activity;

/// <summary>
/// What of a row is worth telling: the fields that clients set, as they are shown to everybody, secrets hidden. Long texts are told by
/// their beginnings.
/// </summary>
/// <param name="Json">A JSON object.</param>
/// <param name="Fields">The names of the fields in it.</param>
internal sealed record ActivityChanges(string Json, IReadOnlyList<string> Fields)
{
    private const int LongestText = 8192;

    private static readonly string[] Names = ["name", "username", "hostname"];

    /// <summary>All of a row, for one that is made or deleted.</summary>
    public static ActivityChanges Of<T>(Resource<T> resource, RowPage page, T row)
        where T : class
    {
        var fields = Recorded(resource);
        return new ActivityChanges(Write(fields, (writer, field) => WriteText(writer, Show(page, field, row))), [.. fields.Select(field => field.Name)]);
    }

    /// <summary>What differs between two states of a row.</summary>
    public static ActivityChanges Between<T>(Resource<T> resource, RowPage page, T before, T after, RequestBody? body)
        where T : class
    {
        var fields = Recorded(resource).Where(field => Differs(page, field, before, after, body)).ToList();
        return new ActivityChanges(
            Write(fields, (writer, field) =>
            {
                writer.WriteStartArray();
                WriteText(writer, Show(page, field, before));
                WriteText(writer, Show(page, field, after));
                writer.WriteEndArray();
            }),
            [.. fields.Select(field => field.Name)]);
    }

    /// <summary>What people call the row; empty for what has no name.</summary>
    public static string NameOf<T>(Resource<T> resource, RowPage page, T row)
        where T : class =>
        resource.Fields.FirstOrDefault(field => Names.Contains(field.Name))?.Value(row, page) as string ?? "";

    private static List<Field<T>> Recorded<T>(Resource<T> resource)
        where T : class =>
        [.. resource.Fields.Where(field => field.Loader is null && (field.Reference is null
            ? !field.ReadOnly && field.Assign is not null
            : field.Name is not ("created_by" or "modified_by")))];

    /// <summary>Hidden values look the same whatever they are: that one was given is told, unless it is what clients are shown.</summary>
    private static bool Differs<T>(RowPage page, Field<T> field, T before, T after, RequestBody? body)
        where T : class
    {
        var (old, now) = (Text(field.Value(before, page)), Text(field.Value(after, page)));
        return old != now
            || (now.Contains(Credential.Hidden, StringComparison.Ordinal) && body is not null
                && body.TryGet(field.Name, out var given) && !JsonElement.DeepEquals(given, JsonSerializer.Deserialize<JsonElement>(now)));
    }

    private static string Show<T>(RowPage page, Field<T> field, T row)
        where T : class
    {
        var value = field.Value(row, page);
        return field.Secret && value is string { Length: > 0 } ? Text(Credential.Hidden) : Text(value);
    }

    /// <summary>A value as JSON.</summary>
    private static string Text(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonValues.Options))
        {
            JsonValues.Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Write<T>(IEnumerable<Field<T>> fields, Action<Utf8JsonWriter, Field<T>> write)
        where T : class
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonValues.Options))
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                writer.WritePropertyName(field.Name);
                write(writer, field);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Lists and objects are texts there, as in AWX.</summary>
    private static void WriteText(Utf8JsonWriter writer, string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = document.RootElement.ValueKind switch
        {
            JsonValueKind.String => document.RootElement.GetString()!,
            JsonValueKind.Object or JsonValueKind.Array => json,
            _ => null,
        };
        if (text is null)
        {
            writer.WriteRawValue(json);
        }
        else
        {
            writer.WriteStringValue(text.Length <= LongestText ? text : string.Concat(Beginning(text), "…"));
        }
    }

    private static string Beginning(string text) => char.IsHighSurrogate(text[LongestText - 1]) ? text[..(LongestText - 1)] : text[..LongestText];
}
