using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>Reads AWX's <c>rrule</c>: a start and any number of rules, separated by white space.</summary>
internal static partial class RecurrenceReader
{
    private const int MostRules = 100;

    /// <exception cref="RecurrenceException">It can't be read.</exception>
    public static Recurrence Read(string text)
    {
        var parts = Words(text);
        var (start, zone) = Start(parts);
        var rules = new List<RecurrenceRule>();
        var exceptions = new List<RecurrenceRule>();
        foreach (var (name, parameters, value) in parts.Where(part => part.Name != "DTSTART"))
        {
            if (parameters.Length > 0)
            {
                throw new RecurrenceException($"unsupported {name} parm: {parameters}");
            }

            var list = name switch
            {
                "RRULE" => rules,
                "EXRULE" => exceptions,
                _ => throw new RecurrenceException($"unsupported property: {name}"),
            };
            list.Add(RuleReader.Read(value, zone));
        }

        return new Recurrence(start, zone, rules, exceptions);
    }

    /// <summary>Of a text that could be read when it was stored; null when its zone is no longer there.</summary>
    public static Recurrence? TryRead(string text)
    {
        try
        {
            return Read(text);
        }
        catch (RecurrenceException)
        {
            return null;
        }
    }

    /// <summary>As it is stored: one blank between the parts, and ends in UTC.</summary>
    /// <param name="text">That could be read.</param>
    /// <param name="zone">Its zone.</param>
    public static string Normalize(string text, TimeZoneInfo zone) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(part => LocalUntil().Replace(part, match => LocalTimes.TryRead(match.Groups["time"].Value, out var until)
            ? $"{match.Groups["name"].Value}{LocalTimes.ToUtc(until, zone):yyyyMMdd'T'HHmmss'Z'}"
            : match.Value)));

    /// <summary>The name of its zone as it was written.</summary>
    public static string ZoneName(string text) => Zone().Match(text) is { Success: true } match ? match.Groups["name"].Value : "UTC";

    private static List<(string Name, string Parameters, string Value)> Words(string text)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word =>
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var head = colon < 0 ? "RRULE" : word[..colon];
            var semicolon = head.IndexOf(';', StringComparison.Ordinal);
            return semicolon < 0
                ? (head.ToUpperInvariant(), "", word[(colon + 1)..])
                : (head[..semicolon].ToUpperInvariant(), head[(semicolon + 1)..], word[(colon + 1)..]);
        }).ToList();
        return parts.Count <= MostRules ? parts : throw new RecurrenceException($"more than {MostRules} parts");
    }

    private static (DateTime Start, TimeZoneInfo Zone) Start(IEnumerable<(string Name, string Parameters, string Value)> parts)
    {
        var (_, parameters, value) = parts.LastOrDefault(part => part.Name == "DTSTART");
        if (value is null)
        {
            throw new RecurrenceException("A DTSTART field needs to be in the rrule");
        }

        var isUtc = value.EndsWith('Z');
        if (!LocalTimes.TryRead(value.TrimEnd('Z'), out var start))
        {
            throw new RecurrenceException($"invalid 'DTSTART': {value}");
        }

        return parameters.Split('=') switch
        {
            [""] => isUtc ? (start, TimeZoneInfo.Utc) : throw UnknownZone(""),
            [var name, _] when isUtc && IsZone(name) => throw new RecurrenceException("DTSTART/EXDATE specifies multiple timezone"),
            [var name, var zone] when IsZone(name) => (start, FindZone(zone)),
            _ => throw new RecurrenceException($"unsupported DTSTART parm: {parameters}"),
        };

        static bool IsZone(string name) => name.Equals("TZID", StringComparison.OrdinalIgnoreCase);
    }

    private static TimeZoneInfo FindZone(string name) =>
        TimeZones.IsName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw UnknownZone(name);

    private static RecurrenceException UnknownZone(string name) =>
        new($"A valid TZID must be provided (e.g., America/New_York). Invalid: ['{name}']");

    [GeneratedRegex(@"^DTSTART;TZID=(?<name>[^:\s]+):", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Zone();

    [GeneratedRegex(@"(?<name>UNTIL=)(?<time>[0-9]+T[0-9]+)(?![0-9Z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LocalUntil();
}
