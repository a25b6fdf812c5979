using System.Text.Json;

namespace ContainerGroups.Host.Ansible;

/// <summary>Values of an event, as Python wrote them.</summary>
internal static class EventValue
{
    /// <summary>Reads the next value as text: strings as they are, numbers and truth values as written, anything else as nothing.</summary>
    public static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return JsonText.ToStorable(Bytes(ref reader).Span);
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return JsonText.ToStorable(reader.ValueSpan);
            default:
                reader.Skip();
                return "";
        }
    }

    /// <summary>Reads the next value as a truth: Python's rule for what counts as one, as far as events use it.</summary>
    public static bool Truth(ref Utf8JsonReader reader) => Text(ref reader) is not ("" or "false" or "False" or "0");

    /// <summary>The current string's content; nothing when it is no string.</summary>
    public static ReadOnlyMemory<byte> Bytes(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }

        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.ToArray();
        }

        var buffer = new byte[reader.ValueSpan.Length];
        return buffer.AsMemory(0, JsonText.Unescape(reader.ValueSpan, buffer));
    }
}
