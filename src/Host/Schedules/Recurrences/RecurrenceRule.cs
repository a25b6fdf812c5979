namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>The length of a rule's periods; longest first.</summary>
internal enum Frequency
{
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
}

/// <summary>One RRULE or EXRULE as it was written: an empty list restricts nothing.</summary>
internal sealed record RecurrenceRule
{
    public required Frequency Frequency { get; init; }

    public int Interval { get; init; } = 1;

    /// <summary>The number of occurrences; null for no limit.</summary>
    public int? Count { get; init; }

    /// <summary>UTC; null for no end.</summary>
    public DateTime? Until { get; init; }

    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    public IReadOnlyList<int> Months { get; init; } = [];

    /// <summary>Negative ones count from the month's end.</summary>
    public IReadOnlyList<int> MonthDays { get; init; } = [];

    /// <summary>Negative ones count from the year's end.</summary>
    public IReadOnlyList<int> YearDays { get; init; } = [];

    /// <summary>Negative ones count from the year's end.</summary>
    public IReadOnlyList<int> WeekNumbers { get; init; } = [];

    /// <summary>With 0 for every such day, with another number for that one of the month or year, counted from its end when negative.</summary>
    public IReadOnlyList<(DayOfWeek Day, int Nth)> Days { get; init; } = [];

    public IReadOnlyList<int> Hours { get; init; } = [];

    public IReadOnlyList<int> Minutes { get; init; } = [];

    public IReadOnlyList<int> Seconds { get; init; } = [];

    /// <summary>Which of a period's occurrences count, from 1, or from -1 at its end.</summary>
    public IReadOnlyList<int> Positions { get; init; } = [];

    public bool HasEnd => Count is not null || Until is not null;
}
