using System.Globalization;

namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>Reads what stands behind <c>RRULE:</c>, with the messages of python-dateutil, which AWX hands on.</summary>
internal static class RuleReader
{
    private const int LongestInterval = 100_000;

    private static readonly string[] Weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    private static readonly string[] Frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"];

    /// <param name="text">Name and value pairs.</param>
    /// <param name="zone">In which an end without a <c>Z</c> is meant, as in AWX.</param>
    /// <exception cref="RecurrenceException">It is no rule.</exception>
    public static RecurrenceRule Read(string text, TimeZoneInfo zone)
    {
        RecurrenceRule? rule = null;
        var pairs = text.Split(';').Select(Pair).ToList();
        foreach (var (name, value) in pairs.Where(pair => pair.Name == "FREQ"))
        {
            var index = Array.IndexOf(Frequencies, value.ToUpperInvariant());
            rule = new RecurrenceRule { Frequency = index >= 0 ? (Frequency)index : throw Invalid(name, value) };
        }

        return pairs.Where(pair => pair.Name != "FREQ")
            .Aggregate(rule ?? throw new RecurrenceException("'FREQ' is missing"), (made, pair) => With(made, pair.Name, pair.Value, zone));
    }

    private static (string Name, string Value) Pair(string text)
    {
        var parts = text.Split('=');
        return parts.Length == 2 ? (parts[0].ToUpperInvariant(), parts[1]) : throw new RecurrenceException($"NAME=VALUE is expected in place of '{text}'");
    }

    private static RecurrenceRule With(RecurrenceRule rule, string name, string value, TimeZoneInfo zone) => name switch
    {
        "INTERVAL" => rule with { Interval = Number(name, value, 1, LongestInterval) },
        "COUNT" => rule with { Count = Number(name, value, 1, int.MaxValue) },
        "UNTIL" => rule with { Until = Until(value, zone) },
        "WKST" => rule with { WeekStart = Weekday(name, value) },
        "BYMONTH" => rule with { Months = Numbers(name, value, 1, 12) },
        "BYMONTHDAY" => rule with { MonthDays = FromEitherEnd(name, value, 31) },
        "BYYEARDAY" => rule with { YearDays = FromEitherEnd(name, value, 366) },
        "BYWEEKNO" => rule with { WeekNumbers = FromEitherEnd(name, value, 53) },
        "BYSETPOS" => rule with { Positions = FromEitherEnd(name, value, 366) },
        "BYDAY" or "BYWEEKDAY" => rule with { Days = [.. value.Split(',').Select(day => NthWeekday(name, day)).Distinct()] },
        "BYHOUR" => rule with { Hours = Numbers(name, value, 0, 23) },
        "BYMINUTE" => rule with { Minutes = Numbers(name, value, 0, 59) },
        "BYSECOND" => rule with { Seconds = Numbers(name, value, 0, 59) },
        _ => throw new RecurrenceException($"unknown parameter '{name}'"),
    };

    private static DateTime Until(string value, TimeZoneInfo zone)
    {
        var isUtc = value.EndsWith('Z');
        return LocalTimes.TryRead(value.TrimEnd('Z'), out var time)
            ? isUtc ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : LocalTimes.ToUtc(time, zone)
            : throw Invalid("UNTIL", value);
    }

    private static (DayOfWeek Day, int Nth) NthWeekday(string name, string value) => value.Length > 2
        ? (Weekday(name, value[^2..]), Number(name, value[..^2], -53, 53))
        : (Weekday(name, value), 0);

    private static DayOfWeek Weekday(string name, string value)
    {
        var index = Array.IndexOf(Weekdays, value.ToUpperInvariant());
        return index >= 0 ? (DayOfWeek)index : throw Invalid(name, value);
    }

    private static IReadOnlyList<int> FromEitherEnd(string name, string value, int most)
    {
        var numbers = Numbers(name, value, -most, most);
        return numbers.Contains(0) ? throw Invalid(name, value) : numbers;
    }

    private static IReadOnlyList<int> Numbers(string name, string value, int least, int most) =>
        [.. value.Split(',').Select(one => Number(name, one, least, most)).Distinct().Order()];

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid(name, value);

    private static RecurrenceException Invalid(string name, string value) => new($"invalid '{name}': {value}");
}
