namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>On which days a rule may have occurrences. Where a rule names no day, its start does.</summary>
internal sealed class RuleDays
{
    private readonly RecurrenceRule _rule;
    private readonly IReadOnlyList<int> _months;
    private readonly IReadOnlyList<int> _monthDays;
    private readonly IReadOnlyList<DayOfWeek> _everyDays;
    private readonly IReadOnlyList<(DayOfWeek Day, int Nth)> _nthDays;

    public RuleDays(RecurrenceRule rule, DateTime start)
    {
        _rule = rule;
        var namesDays = rule.MonthDays.Count + rule.YearDays.Count + rule.WeekNumbers.Count + rule.Days.Count > 0;
        _months = !namesDays && rule is { Frequency: Frequency.Yearly, Months.Count: 0 } ? [start.Month] : rule.Months;
        // The third Monday is one of a month or a year; a rule of shorter periods takes every Monday.
        var counts = rule.Frequency is Frequency.Yearly or Frequency.Monthly;
        _monthDays = !namesDays && counts ? [start.Day] : rule.MonthDays;
        _nthDays = [.. rule.Days.Where(day => counts && day.Nth != 0)];
        _everyDays = !namesDays && rule.Frequency == Frequency.Weekly
            ? [start.DayOfWeek]
            : [.. rule.Days.Where(day => !counts || day.Nth == 0).Select(day => day.Day)];
    }

    public bool Has(DateTime day) =>
        (_months.Count == 0 || _months.Contains(day.Month))
        && (_monthDays.Count == 0 || _monthDays.Contains(day.Day) || _monthDays.Contains(day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1))
        && (_everyDays.Count == 0 || _everyDays.Contains(day.DayOfWeek))
        && (_nthDays.Count == 0 || _nthDays.Any(nth => nth.Day == day.DayOfWeek && IsNth(day, nth.Nth)))
        && (_rule.YearDays.Count == 0 || _rule.YearDays.Contains(day.DayOfYear) || _rule.YearDays.Contains(day.DayOfYear - DaysIn(day.Year) - 1))
        && (_rule.WeekNumbers.Count == 0 || IsInWeek(day));

    private bool IsNth(DateTime day, int nth)
    {
        var ofYear = _rule is { Frequency: Frequency.Yearly, Months.Count: 0 };
        var (place, length) = ofYear ? (day.DayOfYear, DaysIn(day.Year)) : (day.Day, DateTime.DaysInMonth(day.Year, day.Month));
        return nth > 0 ? (place - 1) / 7 == nth - 1 : (length - place) / 7 == -nth - 1;
    }

    /// <summary>A week belongs to the year in which most of its days are.</summary>
    private bool IsInWeek(DateTime day)
    {
        var middle = day.AddDays(3 - DaysSince(_rule.WeekStart, day.DayOfWeek));
        var number = ((middle.DayOfYear - 1) / 7) + 1;
        var weeks = number + ((DaysIn(middle.Year) - middle.DayOfYear) / 7);
        return _rule.WeekNumbers.Contains(number) || _rule.WeekNumbers.Contains(number - weeks - 1);
    }

    public static int DaysSince(DayOfWeek first, DayOfWeek day) => ((int)day - (int)first + 7) % 7;

    public static int DaysIn(int year) => DateTime.IsLeapYear(year) ? 366 : 365;
}
