using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>What AWX says about an <c>rrule</c> that it does not take, in its order.</summary>
internal static partial class RruleRules
{
    /// <summary>AWX's most occurrences of a rule that counts.</summary>
    private const int MostCount = 999;

    /// <summary>What is wrong with a text; empty when it can be used.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="now">From when on occurrences are looked for, UTC.</param>
    public static IReadOnlyList<string> FaultsOf(string text, DateTime now)
    {
        foreach (var name in new[] { "EXDATE", "RDATE" })
        {
            if (text.Contains(name + ":", StringComparison.OrdinalIgnoreCase))
            {
                return [$"{name} not allowed in rrule."];
            }
        }

        var faults = StartFaults(text).Concat(Rule().Matches(text).SelectMany(match => RuleFaults(match.Value))).ToList();
        try
        {
            var recurrence = RecurrenceReader.Read(text);
            var budget = new SearchBudget();
            _ = (recurrence.First(budget), recurrence.After(now, budget), recurrence.Last(budget));
            if (budget.IsSpent)
            {
                faults.Add("rrule parsing failed validation: its occurrences are too rare or too many to be found");
            }
        }
        catch (RecurrenceException e)
        {
            faults.Add($"rrule parsing failed validation: {e.Message}");
        }

        return faults;
    }

    private static IEnumerable<string> StartFaults(string text)
    {
        var starts = Start().Count(text);
        if (starts == 0)
        {
            yield return "Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ";
        }

        if (NaiveStart().IsMatch(text))
        {
            yield return "DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ.";
        }

        if (starts > 1)
        {
            yield return "Multiple DTSTART is not supported.";
        }

        if (!text.Contains("rrule:", StringComparison.OrdinalIgnoreCase))
        {
            yield return "One or more rule required in rrule.";
        }
    }

    private static IEnumerable<string> RuleFaults(string rule)
    {
        if (!rule.Contains("interval", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"INTERVAL required in rrule: {rule}";
        }
        else if (rule.Contains("secondly", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"SECONDLY is not supported: {rule}";
        }

        if (NumberedDay().IsMatch(rule))
        {
            yield return $"BYDAY with numeric prefix not supported: {rule}";
        }

        if (rule.Contains("COUNT", StringComparison.Ordinal) && rule.Contains("UNTIL", StringComparison.Ordinal))
        {
            yield return $"RRULE may not contain both COUNT and UNTIL: {rule}";
        }

        if (Count().Match(rule) is { Success: true } count && !(int.TryParse(count.Groups["count"].Value, out var times) && times <= MostCount))
        {
            yield return $"COUNT > {MostCount} is unsupported: {rule}";
        }
    }

    [GeneratedRegex(@"DTSTART(;[^:]+)?:[0-9]+T[0-9]+Z?", RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex("DTSTART:[0-9]+T[0-9]+ ", RegexOptions.CultureInvariant)]
    private static partial Regex NaiveStart();

    [GeneratedRegex(@"RULE:[^\s]*", RegexOptions.CultureInvariant)]
    private static partial Regex Rule();

    [GeneratedRegex("BYDAY[:=][0-9]+[a-zA-Z]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex NumberedDay();

    [GeneratedRegex("COUNT=(?<count>[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Count();
}
