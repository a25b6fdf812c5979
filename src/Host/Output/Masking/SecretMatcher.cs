namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Finds many byte strings at once in one pass (the automaton of Aho and Corasick). Immutable, so that any number of streams share it.
/// </summary>
internal sealed class SecretMatcher
{
    private readonly byte[] _classOf = new byte[256];
    private readonly int _classes;
    private readonly int[] _next;
    private readonly int[] _depth;
    private readonly int[] _matchLength;

    /// <param name="patterns">What to find; none of them empty.</param>
    public SecretMatcher(IReadOnlyCollection<byte[]> patterns)
    {
        // Bytes that stand in no pattern behave alike: one column of the table serves them all.
        _classes = 1;
        foreach (var value in patterns.SelectMany(pattern => pattern).Distinct())
        {
            _classOf[value] = (byte)_classes++;
        }

        var size = 1 + patterns.Sum(pattern => pattern.Length);
        _next = new int[size * _classes];
        _depth = new int[size];
        _matchLength = new int[size];
        Longest = patterns.Count == 0 ? 0 : patterns.Max(pattern => pattern.Length);
        var states = AddAll(patterns);
        Link(states);
    }

    /// <summary>The state before the first byte.</summary>
    public const int Start = 0;

    /// <summary>The length of the longest pattern.</summary>
    public int Longest { get; }

    public int Next(int state, byte value) => _next[(state * _classes) + _classOf[value]];

    /// <summary>How many of the bytes just read may be the beginning of a match.</summary>
    public int Pending(int state) => _depth[state];

    /// <summary>The length of the longest pattern that ends with the byte just read; 0 when none does.</summary>
    public int MatchLength(int state) => _matchLength[state];

    private int AddAll(IReadOnlyCollection<byte[]> patterns)
    {
        var states = 1;
        foreach (var pattern in patterns)
        {
            var state = Start;
            foreach (var value in pattern)
            {
                ref var next = ref _next[(state * _classes) + _classOf[value]];
                if (next == Start)
                {
                    next = states++;
                    _depth[next] = _depth[state] + 1;
                }

                state = next;
            }

            _matchLength[state] = pattern.Length;
        }

        return states;
    }

    /// <summary>Fills in, level by level, where a byte leads that does not continue the patterns at hand.</summary>
    private void Link(int states)
    {
        var fallback = new int[states];
        var queue = new Queue<int>();
        for (var column = 1; column < _classes; column++)
        {
            if (_next[column] != Start)
            {
                queue.Enqueue(_next[column]);
            }
        }

        while (queue.TryDequeue(out var state))
        {
            _matchLength[state] = Math.Max(_matchLength[state], _matchLength[fallback[state]]);
            for (var column = 1; column < _classes; column++)
            {
                ref var next = ref _next[(state * _classes) + column];
                var shorter = _next[(fallback[state] * _classes) + column];
                if (next == Start)
                {
                    next = shorter;
                }
                else
                {
                    fallback[next] = shorter;
                    queue.Enqueue(next);
                }
            }
        }
    }
}
