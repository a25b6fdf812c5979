using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ContainerGroups.Host.Ansible;

/// <summary>One event as ansible-runner prints it with <c>--json</c>.</summary>
internal sealed class EventLine
{
    /// <summary>As long as the store's column; a longer name is none of Ansible's.</summary>
    private const int LongestName = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    public string Event { get; private set; } = "";

    public string Uuid { get; private set; } = "";

    public string ParentUuid { get; private set; } = "";

    public int Verbosity { get; private set; }

    public DateTime? Created { get; private set; }

    /// <summary>What it printed, in bytes; lines are separated as a terminal does it, by CR LF.</summary>
    public ReadOnlyMemory<byte> Stdout { get; private set; }

    /// <summary>A JSON object.</summary>
    public string Data { get; private set; } = "{}";

    public EventData Fields { get; private set; } = new();

    /// <summary>Reads a line; null when it is no event but something that was printed.</summary>
    public static EventLine? TryParse(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            var parsed = new EventLine();
            return parsed.Read(line) ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadProperty(ref reader, line);
        }

        // What follows the object, if anything does, makes the reader throw.
        while (reader.Read())
        {
        }

        return Uuid.Length > 0 && IsName(Event);
    }

    private void ReadProperty(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.ValueTextEquals("stdout"u8))
        {
            reader.Read();
            Stdout = EventValue.Bytes(ref reader);
        }
        else if (reader.ValueTextEquals("event"u8))
        {
            Event = EventValue.Text(ref reader);
        }
        else if (reader.ValueTextEquals("uuid"u8))
        {
            Uuid = EventValue.Text(ref reader);
        }
        else if (reader.ValueTextEquals("parent_uuid"u8))
        {
            ParentUuid = EventValue.Text(ref reader);
        }
        else if (reader.ValueTextEquals("created"u8))
        {
            Created = Moment(EventValue.Text(ref reader));
        }
        else if (reader.ValueTextEquals("verbosity"u8))
        {
            Verbosity = int.TryParse(EventValue.Text(ref reader), CultureInfo.InvariantCulture, out var verbosity) ? verbosity : 0;
        }
        else if (reader.ValueTextEquals("event_data"u8))
        {
            ReadData(ref reader, line);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadData(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var start = (int)reader.TokenStartIndex;
        Fields = EventData.Read(ref reader);
        Data = Encoding.UTF8.GetString(line[start..(int)reader.BytesConsumed]);
    }

    private static DateTime? Moment(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || c == '_');
}
