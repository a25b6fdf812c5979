namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Finds many byte strings at once in one pass (the automaton of Aho and Corasick), and passes over what begins none of them without
/// reading all of it. Immutable, so that any number of streams share it.
/// </summary>
internal sealed class SecretMatcher
{
    /// <summary>The state before the first byte.</summary>
    public const int Start = 0;

    /// <summary>A row of the table has, before where each byte leads, how many of the bytes just read may be the beginning of a match…</summary>
    private const int Depth = 0;

    /// <summary>…and the length of the longest pattern that ends with the byte just read; 0 when none does.</summary>
    private const int Match = 1;

    private const int Head = 2;

    private readonly ushort[] _columnOf = new ushort[256];
    private readonly int _width;
    private readonly int[] _rows;
    private readonly MatchBeginnings? _beginnings;

    /// <param name="patterns">What to find; none of them empty.</param>
    public SecretMatcher(IReadOnlyCollection<byte[]> patterns)
    {
        // Bytes that stand in no pattern behave alike: one column of the table serves them all.
        Array.Fill(_columnOf, (ushort)Head);
        _width = Head + 1;
        foreach (var value in patterns.SelectMany(pattern => pattern).Distinct())
        {
            _columnOf[value] = (ushort)_width++;
        }

        // A state is the index of its row.
        _rows = new int[(1 + patterns.Sum(pattern => pattern.Length)) * _width];
        Longest = patterns.Count == 0 ? 0 : patterns.Max(pattern => pattern.Length);
        AddAll(patterns);
        Link();
        _beginnings = MatchBeginnings.Of(patterns);
    }

    /// <summary>The length of the longest pattern.</summary>
    public int Longest { get; }

    /// <summary>How many of the bytes just read may be the beginning of a match.</summary>
    public int Pending(int state) => _rows[state + Depth];

    /// <summary>Reads the next bytes of a stream.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="state">The state before them.</param>
    /// <param name="matches">Gets where matches are; those that began in earlier bytes begin before 0.</param>
    /// <returns>The state after them.</returns>
    public int Read(ReadOnlySpan<byte> text, int state, MatchRanges matches)
    {
        if (Longest == 0)
        {
            return Start;
        }

        var (at, begin) = (0, -1);
        while (at < text.Length)
        {
            at = Follow(text, at, begin, ref state, matches);
            if (at < text.Length)
            {
                // What the few last bytes may begin is looked for again, from the first of them on.
                begin = _beginnings!.Find(text, at - _rows[state + Depth]);
                (at, state) = (begin, Start);
            }
        }

        return state;
    }

    /// <summary>Reads byte by byte, to the end or to where hardly anything is left that may become a match, and all of it lies behind
    /// <paramref name="begin"/>.</summary>
    private int Follow(ReadOnlySpan<byte> text, int at, int begin, ref int state, MatchRanges matches)
    {
        var (rows, columnOf, current) = (_rows, _columnOf, state);
        // Nearer to the end there is nothing that could be passed over.
        var last = text.Length - (_beginnings?.Window ?? text.Length + 1);
        while (at < text.Length)
        {
            current = rows[current + columnOf[text[at++]]];
            if (rows[current + Match] is var length and > 0)
            {
                matches.Add(at - length, at);
            }

            var pending = rows[current + Depth];
            if (pending < MatchBeginnings.Gram && at - pending > begin && at - pending <= last)
            {
                break;
            }
        }

        state = current;
        return at;
    }

    private void AddAll(IReadOnlyCollection<byte[]> patterns)
    {
        var free = _width;
        foreach (var pattern in patterns)
        {
            var state = Start;
            foreach (var value in pattern)
            {
                ref var next = ref _rows[state + _columnOf[value]];
                if (next == Start)
                {
                    next = free;
                    free += _width;
                    _rows[next + Depth] = _rows[state + Depth] + 1;
                }

                state = next;
            }

            _rows[state + Match] = pattern.Length;
        }
    }

    /// <summary>Fills in, level by level, where a byte leads that does not continue the patterns at hand.</summary>
    private void Link()
    {
        var fallback = new int[_rows.Length / _width];
        var queue = new Queue<int>();
        for (var column = Head + 1; column < _width; column++)
        {
            if (_rows[column] != Start)
            {
                queue.Enqueue(_rows[column]);
            }
        }

        while (queue.TryDequeue(out var state))
        {
            var shorter = fallback[state / _width];
            _rows[state + Match] = Math.Max(_rows[state + Match], _rows[shorter + Match]);
            for (var column = Head + 1; column < _width; column++)
            {
                ref var next = ref _rows[state + column];
                if (next == Start)
                {
                    next = _rows[shorter + column];
                }
                else
                {
                    fallback[next / _width] = _rows[shorter + column];
                    queue.Enqueue(next);
                }
            }
        }
    }
}
