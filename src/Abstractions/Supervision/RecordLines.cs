using System.Globalization;

namespace ContainerGroups.Abstractions.Supervision;

/// <summary>The <c>key=value</c> lines of a record. A record is whole only with its last line.</summary>
internal sealed class RecordLines
{
    private const string Version = "1";
    private readonly Dictionary<string, string> _values;

    private RecordLines(Dictionary<string, string> values) => _values = values;

    public static RecordLines? Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var at = line.IndexOf('=');
            if (at > 0 && !values.TryAdd(line[..at].ToString(), line[(at + 1)..].ToString()))
            {
                return null;
            }
        }

        return values.GetValueOrDefault("version") == Version && values.GetValueOrDefault("end") == "1" ? new RecordLines(values) : null;
    }

    public string? Text(string key) => _values.GetValueOrDefault(key);

    public long? Number(string key) =>
        long.TryParse(_values.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool Flag(string key) => _values.GetValueOrDefault(key) == "1";

    public ProcessIdentity? Process(string key, string boot)
    {
        var words = (_values.GetValueOrDefault(key) ?? "").Split(' ');
        return words.Length == 2
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var startTime)
                ? new ProcessIdentity { Id = id, StartTime = startTime, BootId = boot }
                : null;
    }
}
