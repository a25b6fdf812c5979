namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>When a schedule fires: a start and the rules that give and take away occurrences from there.</summary>
internal sealed class Recurrence
{
    private readonly DateTime _start;
    private readonly IReadOnlyList<RecurrenceRule> _rules;
    private readonly IReadOnlyList<RecurrenceRule> _exceptions;

    /// <param name="start">On the wall.</param>
    /// <param name="zone">Where the wall is.</param>
    /// <param name="rules">Give occurrences.</param>
    /// <param name="exceptions">Take them away.</param>
    public Recurrence(DateTime start, TimeZoneInfo zone, IReadOnlyList<RecurrenceRule> rules, IReadOnlyList<RecurrenceRule> exceptions)
    {
        (_start, Zone, _rules, _exceptions) = (start, zone, rules, exceptions);
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>The end of the first rule that has one, as clocks in the zone show it; null for none.</summary>
    public DateTime? Until => _rules.FirstOrDefault(rule => rule.Until is not null)?.Until is { } until
        ? DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(until, Zone), DateTimeKind.Unspecified)
        : null;

    /// <summary>The first occurrence of all, UTC; null when there is none.</summary>
    public DateTime? First(SearchBudget budget) => Occurrences(_start, budget).Select(time => (DateTime?)time).FirstOrDefault();

    /// <summary>The first occurrence after a moment, UTC; null when there is none.</summary>
    public DateTime? After(DateTime moment, SearchBudget budget) => AllAfter(moment, budget).Select(time => (DateTime?)time).FirstOrDefault();

    /// <summary>All occurrences after a moment, UTC.</summary>
    public IEnumerable<DateTime> AllAfter(DateTime moment, SearchBudget budget)
    {
        // A day earlier, since a wall's time and its offset depend on each other.
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(moment, DateTimeKind.Utc), Zone);
        return Occurrences(local.Ticks > TimeSpan.TicksPerDay ? local.AddDays(-1) : local, budget).SkipWhile(time => time <= moment);
    }

    /// <summary>The last occurrence, UTC; null when there is none, and when there is no last one.</summary>
    public DateTime? Last(SearchBudget budget)
    {
        if (_rules.Count == 0 || _rules.Any(rule => !rule.HasEnd))
        {
            return null;
        }

        // Counted ones are few. Those with an end may be many: they are looked through from the end, in pieces that grow.
        var end = _rules.Max(rule => rule.Until is { } until
            ? TimeZoneInfo.ConvertTimeFromUtc(until, Zone)
            : new RuleOccurrences(rule, _start).From(_start, budget).DefaultIfEmpty(_start).Last());
        for (var days = 1L; !budget.IsSpent; days *= 8)
        {
            var from = end - _start > TimeSpan.FromDays(days) ? end.AddDays(-days) : _start;
            if (Occurrences(from, budget).Select(time => (DateTime?)time).LastOrDefault() is { } last)
            {
                return last;
            }

            if (from == _start)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>In UTC, those left out that clocks jump over.</summary>
    private IEnumerable<DateTime> Occurrences(DateTime from, SearchBudget budget)
    {
        using var taken = Merge(_exceptions, from, budget).GetEnumerator();
        var more = taken.MoveNext();
        // What came earlier may have been taken away by exceptions that were not looked at.
        foreach (var time in Merge(_rules, from, budget).Where(time => time >= from))
        {
            while (more && taken.Current < time)
            {
                more = taken.MoveNext();
            }

            if (budget.IsSpent)
            {
                yield break;
            }

            if ((!more || taken.Current != time) && !Zone.IsInvalidTime(time))
            {
                yield return LocalTimes.ToUtc(time, Zone);
            }
        }
    }

    /// <summary>The occurrences of several rules in order, each once.</summary>
    private IEnumerable<DateTime> Merge(IReadOnlyList<RecurrenceRule> rules, DateTime from, SearchBudget budget)
    {
        var heads = new PriorityQueue<IEnumerator<DateTime>, DateTime>();
        foreach (var rule in rules)
        {
            Enqueue(Of(rule, from, budget).GetEnumerator());
        }

        DateTime? before = null;
        while (heads.TryDequeue(out var head, out var time))
        {
            if (time != before)
            {
                yield return time;
            }

            before = time;
            Enqueue(head);
        }

        void Enqueue(IEnumerator<DateTime> times)
        {
            if (times.MoveNext())
            {
                heads.Enqueue(times, times.Current);
            }
            else
            {
                times.Dispose();
            }
        }
    }

    private IEnumerable<DateTime> Of(RecurrenceRule rule, DateTime from, SearchBudget budget)
    {
        var times = new RuleOccurrences(rule, _start).From(from, budget);
        return rule.Until is { } until ? times.TakeWhile(time => LocalTimes.ToUtc(time, Zone) <= until) : times;
    }
}
