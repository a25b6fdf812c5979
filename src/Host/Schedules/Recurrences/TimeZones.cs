using System.Collections.Frozen;

namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>The names of the time zones that this machine knows, and which of them are other names of others.</summary>
internal static class TimeZones
{
    private static readonly string[] Directories = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"];

    private static readonly Lazy<FrozenDictionary<string, string>> ByName = new(Read);

    public static IEnumerable<string> Names => ByName.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>From the other name to the zone's own.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Links =>
        ByName.Value.Where(zone => zone.Key != zone.Value).OrderBy(zone => zone.Key, StringComparer.Ordinal);

    /// <summary>Whether a text has the form of a name: the system would take it for the path of a file.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && !text.Contains("..", StringComparison.Ordinal) && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');

    private static FrozenDictionary<string, string> Read()
    {
        // The compiled database's own list: the runtime's leaves other names out.
        var list = Directories.Select(directory => Path.Combine(directory, "tzdata.zi")).FirstOrDefault(File.Exists);
        var zones = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Append("UTC").Distinct().ToDictionary(id => id, id => id, StringComparer.Ordinal);
        foreach (var words in list is null ? [] : File.ReadLines(list).Select(line => line.Split(' ')))
        {
            switch (words)
            {
                case ["Z", var zone, ..]:
                    zones[zone] = zone;
                    break;
                case ["L", var zone, var name]:
                    zones[name] = zone;
                    break;
            }
        }

        return zones.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
