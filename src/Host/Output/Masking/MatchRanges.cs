namespace ContainerGroups.Host.Output.Masking;

/// <summary>Where matches are: ranges that neither meet nor overlap, in order.</summary>
internal sealed class MatchRanges
{
    private readonly List<(int Start, int End)> _ranges = [];

    public void Clear() => _ranges.Clear();

    /// <summary>Adds one that ends no earlier than those before it.</summary>
    public void Add(int start, int end)
    {
        // Where matches overlap, each byte is masked once, however many they are.
        while (_ranges.Count > 0 && _ranges[^1].End >= start)
        {
            start = Math.Min(start, _ranges[^1].Start);
            _ranges.RemoveAt(_ranges.Count - 1);
        }

        _ranges.Add((start, end));
    }

    public List<(int Start, int End)>.Enumerator GetEnumerator() => _ranges.GetEnumerator();
}
