using System.Buffers.Binary;
using System.Numerics;

namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Tells where none of many patterns can begin, by few looks at a text: of the first <see cref="Window"/> bytes of a possible match it looks
/// at the last four, and when no pattern has them near its beginning, no match begins in the whole window (the idea of Wu and Manber).
/// </summary>
internal sealed class MatchBeginnings
{
    /// <summary>Bytes that are looked at together.</summary>
    public const int Gram = sizeof(uint);

    /// <summary>Each place in the window at which four bytes may stand is a bit.</summary>
    private const int MostPlaces = 6;

    private const int Places = (1 << MostPlaces) - 1;
    private const int AtBeginning = 1;

    /// <summary>A pattern begins with them that has no second four bytes.</summary>
    private const int OfShort = 1 << MostPlaces;

    /// <summary>They are the second four bytes of a pattern.</summary>
    private const int Second = 1 << (MostPlaces + 1);

    private const uint Spread = 0x9E3779B1;
    private const int FewestBits = 10;

    /// <summary>The table is to stay near the processor.</summary>
    private const int MostBits = 15;

    private readonly byte[] _table;
    private readonly int _shift;

    private MatchBeginnings(IReadOnlyCollection<byte[]> patterns, int shortest)
    {
        var places = Math.Min(shortest - Gram + 1, MostPlaces);
        Window = places + Gram - 1;
        // Room enough that other texts seldom meet a pattern's bytes in it.
        var bits = Math.Clamp(BitOperations.Log2((uint)(patterns.Count * (places + 1))) + 6, FewestBits, MostBits);
        _shift = 32 - bits;
        _table = new byte[1 << bits];
        foreach (var pattern in patterns)
        {
            for (var place = 0; place < places; place++)
            {
                Mark(pattern, place, 1 << place);
            }

            var isShort = pattern.Length < 2 * Gram;
            Mark(pattern, isShort ? 0 : Gram, isShort ? OfShort : Second);
        }
    }

    /// <summary>How many bytes must be there to tell whether a match may begin with the first of them.</summary>
    public int Window { get; }

    /// <summary>Null when a pattern is so short that nothing can be passed over.</summary>
    public static MatchBeginnings? Of(IReadOnlyCollection<byte[]> patterns) =>
        patterns.Count > 0 && patterns.Min(pattern => pattern.Length) is >= Gram and var shortest ? new MatchBeginnings(patterns, shortest) : null;

    /// <summary>The first place, from <paramref name="from"/> on, where a match may begin, or where the text is too short to tell.</summary>
    public int Find(ReadOnlySpan<byte> text, int from)
    {
        var (table, shift, ahead) = (_table, _shift, Window - Gram);
        var at = from + ahead;
        for (; at <= text.Length - Gram; at += ahead + 1)
        {
            var found = table[Hash(text, at) >> shift] & Places;
            while (found != 0)
            {
                // The furthest into a pattern that these bytes may stand is the earliest beginning.
                var place = BitOperations.Log2((uint)found);
                if (MayBegin(text, at - place))
                {
                    return at - place;
                }

                found ^= 1 << place;
            }
        }

        return at - ahead;
    }

    private bool MayBegin(ReadOnlySpan<byte> text, int at)
    {
        var first = _table[Hash(text, at) >> _shift];
        return (first & AtBeginning) != 0
            && ((first & OfShort) != 0 || at + (2 * Gram) > text.Length || (_table[Hash(text, at + Gram) >> _shift] & Second) != 0);
    }

    private void Mark(byte[] pattern, int at, int bit) => _table[Hash(pattern, at) >> _shift] |= (byte)bit;

    private static uint Hash(ReadOnlySpan<byte> text, int at) => BinaryPrimitives.ReadUInt32LittleEndian(text[at..]) * Spread;
}
