using System.Buffers.Text;
using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.OData.Binding;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>
/// Where the next page begins: behind the last row of this one, told by the values that rows are sorted by. So rows that are added or
/// removed meanwhile neither repeat nor hide others. Grouped results have no such row: they count.
/// </summary>
internal static class SkipToken
{
    public static readonly ODataFault Wrong = ODataFault.BadRequest("The $skiptoken is not one that this service gave for this query.", "$skiptoken");

    public static string Encode(IEnumerable<object?> values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var value in values)
            {
                Write(writer, value);
            }

            writer.WriteEndArray();
        }

        return Base64Url.EncodeToString(stream.ToArray());
    }

    public static string Encode(int skipped) => "s" + skipped.ToString(CultureInfo.InvariantCulture);

    public static int DecodeSkipped(string token) =>
        token.StartsWith('s') && int.TryParse(token.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var skipped) ? skipped : throw Wrong;

    /// <summary>The condition on rows to come after the one of the token.</summary>
    public static Expression After(string token, IReadOnlyList<OrderKey> keys)
    {
        Expression?[] values = [.. Decode(token, TypesOf(keys)).Select((value, place) => value is null ? null : Varying.Behind(value, place))];
        Expression? after = null;
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            var here = keys[i].IsAfter(values[i]);
            after = after is null ? here : Expression.OrElse(here, Expression.AndAlso(keys[i].IsAt(values[i]), after));
        }

        // Implied by the rest, and what lets an index on the first key find the place.
        var first = Expression.OrElse(keys[0].IsAfter(values[0]), keys[0].IsAt(values[0]));
        return keys.Count == 1 ? after! : Expression.AndAlso(first, after!);
    }

    /// <summary>The types of the values in a token.</summary>
    public static Type[] TypesOf(IReadOnlyList<OrderKey> keys) => [.. keys.Select(key => Types.Bare(key.Value.Type))];

    /// <summary>The values in a token; null when one of them is null.</summary>
    public static object[]? Known(string token, IReadOnlyList<Type> types)
    {
        var values = Decode(token, types);
        object[] known = [.. values.OfType<object>()];
        return known.Length == values.Length ? known : null;
    }

    private static object?[] Decode(string token, IReadOnlyList<Type> types)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token));
            return json.RootElement.GetArrayLength() == types.Count
                ? [.. types.Select((type, i) => Read(json.RootElement[i], type))]
                : throw Wrong;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw Wrong;
        }
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case DateTime moment:
                writer.WriteNumberValue(moment.Ticks);
                break;
            case double number:
                writer.WriteStringValue(number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case string or Guid:
                writer.WriteStringValue(value.ToString());
                break;
            default:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static object? Read(JsonElement json, Type type)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return type switch
        {
            _ when type == typeof(DateTime) => json.GetInt64() is >= 0 and <= 3155378975999999999 and var ticks ? new DateTime(ticks, DateTimeKind.Utc) : throw Wrong,
            _ when type == typeof(double) => double.Parse(json.GetString()!, CultureInfo.InvariantCulture),
            _ when type == typeof(bool) => json.GetBoolean(),
            _ when type == typeof(long) => json.GetInt64(),
            _ when type == typeof(int) => json.GetInt32(),
            _ when type == typeof(Guid) => json.GetGuid(),
            _ => json.GetString(),
        };
    }
}
