using System.Globalization;
using System.Text.Json;

namespace ContainerGroups.Host.Ansible;

/// <summary>What of an event's data has columns of its own.</summary>
internal sealed class EventData
{
    public string Playbook { get; private set; } = "";

    public string Play { get; private set; } = "";

    public string Task { get; private set; } = "";

    public string Role { get; private set; } = "";

    public string Host { get; private set; } = "";

    public bool Changed { get; private set; }

    public bool IgnoreErrors { get; private set; }

    public double? DurationSeconds { get; private set; }

    /// <summary>The recap: of each count, each host's number.</summary>
    public Dictionary<string, Dictionary<string, int>> Counts { get; } = [];

    /// <summary>Reads the object at which the reader stands, to its end.</summary>
    public static EventData Read(ref Utf8JsonReader reader)
    {
        var data = new EventData();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            data.ReadProperty(ref reader);
        }

        return data;
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("play"u8))
        {
            Play = EventValue.Text(ref reader).Trim();
        }
        else if (reader.ValueTextEquals("task"u8))
        {
            Task = EventValue.Text(ref reader).Trim();
        }
        else if (reader.ValueTextEquals("role"u8))
        {
            Role = EventValue.Text(ref reader).Trim();
        }
        else if (reader.ValueTextEquals("host"u8))
        {
            Host = EventValue.Text(ref reader).Trim();
        }
        else if (reader.ValueTextEquals("playbook"u8))
        {
            Playbook = EventValue.Text(ref reader).Trim();
        }
        else if (reader.ValueTextEquals("duration"u8))
        {
            DurationSeconds = double.TryParse(EventValue.Text(ref reader), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
        }
        else if (reader.ValueTextEquals("ignore_errors"u8))
        {
            IgnoreErrors = EventValue.Truth(ref reader);
        }
        else if (reader.ValueTextEquals("res"u8))
        {
            ReadResult(ref reader);
        }
        else
        {
            ReadOther(ref reader);
        }
    }

    private void ReadResult(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("changed"u8))
            {
                Changed = EventValue.Truth(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadOther(ref Utf8JsonReader reader)
    {
        var name = PlaybookStats.CountNamed(ref reader);
        reader.Read();
        if (name is null || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var hosts = Counts[name] = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var host = JsonText.ToStorable(PropertyName(ref reader));
            hosts[host] = int.TryParse(EventValue.Text(ref reader), CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
    }

    private static ReadOnlySpan<byte> PropertyName(ref Utf8JsonReader reader)
    {
        var buffer = new byte[reader.ValueSpan.Length];
        return buffer.AsSpan(0, JsonText.Unescape(reader.ValueSpan, buffer));
    }
}
