namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>
/// The occurrences of one rule as times on the wall, in order. What a rule means is what python-dateutil makes of it: periods are counted
/// on the wall too, so that each day at two stays at two when the clocks change.
/// </summary>
internal sealed class RuleOccurrences
{
    private readonly RecurrenceRule _rule;
    private readonly DateTime _start;
    private readonly RuleDays _days;
    private readonly IReadOnlyList<int> _hours;
    private readonly IReadOnlyList<int> _minutes;
    private readonly IReadOnlyList<int> _seconds;

    public RuleOccurrences(RecurrenceRule rule, DateTime start)
    {
        (_rule, _start, _days) = (rule, start, new RuleDays(rule, start));
        _hours = rule.Hours.Count > 0 ? rule.Hours : rule.Frequency < Frequency.Hourly ? [start.Hour] : [.. Enumerable.Range(0, 24)];
        _minutes = rule.Minutes.Count > 0 ? rule.Minutes : rule.Frequency < Frequency.Minutely ? [start.Minute] : [.. Enumerable.Range(0, 60)];
        _seconds = rule.Seconds.Count > 0 ? rule.Seconds : [start.Second];
    }

    /// <param name="from">Earlier occurrences are not wanted; some may come nevertheless.</param>
    /// <param name="budget">Ends the search.</param>
    public IEnumerable<DateTime> From(DateTime from, SearchBudget budget)
    {
        var given = 0;
        // A rule that counts has to be counted from its beginning.
        foreach (var period in Periods(_rule.Count is null && from > _start ? from : _start))
        {
            if (!budget.Spend())
            {
                yield break;
            }

            foreach (var time in Chosen(Times(period, budget)).Where(time => time >= _start))
            {
                yield return time;
                if (++given == _rule.Count || !budget.Spend())
                {
                    yield break;
                }
            }
        }
    }

    private IEnumerable<DateTime> Times(Period period, SearchBudget budget)
    {
        for (var (day, left) = (period.Day, period.Days); left > 0; left--)
        {
            if (_days.Has(day))
            {
                foreach (var time in TimesOf(day, period).TakeWhile(_ => budget.Spend()))
                {
                    yield return time;
                }
            }

            if (left > 1)
            {
                day = day.AddDays(1);
            }
        }
    }

    private IEnumerable<DateTime> TimesOf(DateTime day, Period period) =>
        from hour in Only(period.Hour, _hours)
        from minute in Only(period.Minute, _minutes)
        from second in _seconds
        select day.Add(new TimeSpan(hour, minute, second));

    private static IReadOnlyList<int> Only(int? one, IReadOnlyList<int> all) => one is not { } asked ? all : all.Contains(asked) ? [asked] : [];

    private IEnumerable<DateTime> Chosen(IEnumerable<DateTime> times)
    {
        if (_rule.Positions.Count == 0)
        {
            return times;
        }

        var all = times.ToList();
        return _rule.Positions.Select(position => position > 0 ? position - 1 : all.Count + position)
            .Where(index => index >= 0 && index < all.Count).Distinct().Order().Select(index => all[index]);
    }

    private IEnumerable<Period> Periods(DateTime from) => _rule.Frequency switch
    {
        Frequency.Yearly => Years(from),
        Frequency.Monthly => Months(from),
        Frequency.Weekly => Weeks(from),
        Frequency.Daily => Steps(from, _start.Date, TimeSpan.FromDays(_rule.Interval)).Select(day => new Period(day, 1)),
        _ => PartsOfDays(from),
    };

    private IEnumerable<Period> Years(DateTime from)
    {
        var skipped = (from.Year - _start.Year) / _rule.Interval * _rule.Interval;
        for (long year = _start.Year + skipped; year <= DateTime.MaxValue.Year; year += _rule.Interval)
        {
            yield return new Period(new DateTime((int)year, 1, 1), RuleDays.DaysIn((int)year));
        }
    }

    private IEnumerable<Period> Months(DateTime from)
    {
        var first = (_start.Year * 12) + _start.Month - 1;
        var skipped = ((from.Year * 12) + from.Month - 1 - first) / _rule.Interval * _rule.Interval;
        for (long month = first + skipped; month / 12 <= DateTime.MaxValue.Year; month += _rule.Interval)
        {
            var (year, inYear) = ((int)(month / 12), (int)(month % 12) + 1);
            yield return new Period(new DateTime(year, inYear, 1), DateTime.DaysInMonth(year, inYear));
        }
    }

    /// <summary>The first week begins with the start.</summary>
    private IEnumerable<Period> Weeks(DateTime from)
    {
        var before = RuleDays.DaysSince(_rule.WeekStart, _start.DayOfWeek);
        // Counted as a whole week, which begins before the calendar in the calendar's first week.
        var second = _start.Date.Ticks + (TimeSpan.TicksPerDay * ((7L * _rule.Interval) - before));
        if (from.Ticks < second)
        {
            yield return new Period(_start.Date, 7 - before);
        }

        if (second > DateTime.MaxValue.Ticks - (7 * TimeSpan.TicksPerDay))
        {
            yield break;
        }

        foreach (var week in Steps(from, new DateTime(second), TimeSpan.FromDays(7L * _rule.Interval)))
        {
            if (week.Ticks > DateTime.MaxValue.Ticks - (7 * TimeSpan.TicksPerDay))
            {
                yield break;
            }

            yield return new Period(week, 7);
        }
    }

    /// <summary>Hours or minutes, jumping over days and hours in which nothing is: such a jump is a period without days.</summary>
    private IEnumerable<Period> PartsOfDays(DateTime from)
    {
        var isHourly = _rule.Frequency == Frequency.Hourly;
        var step = (isHourly ? TimeSpan.TicksPerHour : TimeSpan.TicksPerMinute) * _rule.Interval;
        var first = _start.Date.AddHours(_start.Hour).AddMinutes(isHourly ? 0 : _start.Minute).Ticks;
        var ticks = first + (Math.Max(0, from.Ticks - first) / step * step);
        while (ticks <= DateTime.MaxValue.Ticks)
        {
            var time = new DateTime(ticks);
            if (!_days.Has(time.Date))
            {
                yield return new Period(time.Date, 0);
                ticks = NotBefore(time.Date.Ticks + TimeSpan.TicksPerDay);
            }
            else if (!isHourly && !_hours.Contains(time.Hour))
            {
                yield return new Period(time.Date, 0);
                ticks = NotBefore(time.Date.Ticks + ((time.Hour + 1) * TimeSpan.TicksPerHour));
            }
            else
            {
                yield return new Period(time.Date, 1) { Hour = time.Hour, Minute = isHourly ? null : time.Minute };
                ticks += step;
            }
        }

        long NotBefore(long moment) => first + ((moment - first + step - 1) / step * step);
    }

    /// <summary>The steps from the last one that is not after <paramref name="from"/>, or from the first, to the end of the calendar.</summary>
    private static IEnumerable<DateTime> Steps(DateTime from, DateTime first, TimeSpan step)
    {
        var skipped = from > first ? (from - first).Ticks / step.Ticks : 0;
        for (var ticks = first.Ticks + (skipped * step.Ticks); ticks <= DateTime.MaxValue.Ticks; ticks += step.Ticks)
        {
            yield return new DateTime(ticks);
        }
    }

    /// <summary>Some days, or one hour or minute of a day.</summary>
    private readonly record struct Period(DateTime Day, int Days)
    {
        public int? Hour { get; init; }

        public int? Minute { get; init; }
    }
}
