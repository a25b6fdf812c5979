namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>How long a search for occurrences may go on: a rule can be written that has none, or that others take every one away from.</summary>
internal sealed class SearchBudget
{
    /// <summary>A tenth of a second or two; days are looked through for five hundred years.</summary>
    private const int Steps = 200_000;

    private int _left = Steps;

    /// <summary>Whether the search was given up.</summary>
    public bool IsSpent => _left <= 0;

    /// <returns>False when the search has to be given up.</returns>
    public bool Spend() => _left-- > 0;
}
