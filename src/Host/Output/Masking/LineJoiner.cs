namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Takes out of a stream what may stand between two lines of base64: <c>base64</c> ends its lines every 76 characters, other programs every
/// 64, and such lines come as they are, as a JSON text or list, or coloured. What separates for good becomes one <see cref="Barrier"/>.
/// </summary>
internal sealed class LineJoiner
{
    /// <summary>Stands in no base64, and so in no match.</summary>
    public const byte Barrier = (byte)' ';

    /// <summary>More than this between two bytes is no line end, however it is written.</summary>
    public const int LongestGap = 96;

    /// <summary>Where reading begins inside an escape, it is taken for text, for no longer than this.</summary>
    public const int LongestEscape = 32;

    /// <summary>What goes out may be so many bytes longer than what came in.</summary>
    public const int Growth = 2;

    /// <summary>Bytes between two looks whether there was nothing but what stands between lines; a gap that is too long has two such blocks.</summary>
    private const int Block = LongestGap / 3;

    private const byte Backslash = (byte)'\\';
    private const byte EscapeByte = 0x1b;

    /// <summary>1 for what stays; not for the two with which something longer begins, which are looked for before.</summary>
    private static readonly byte[] Stays = [.. Enumerable.Range(0, 256).Select(value => (byte)("\n\r\t \"',".Contains((char)value) ? 0 : 1))];

    private int _gap;
    private Place _place;
    private int _code;
    private int _digits;

    private enum Place
    {
        Text,
        Backslash,
        Unicode,
        Escape,
        Colour,
    }

    private enum Step
    {
        Stays,
        IsBetween,
        Separates,
        SeparatesAndStays,
    }

    /// <summary>Joins the next bytes of the stream.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="joined">Gets what stays of them; as long as the text and <see cref="Growth"/>.</param>
    /// <param name="places">Gets where each of those stands in the text; as long.</param>
    /// <returns>How many there are.</returns>
    public int Join(ReadOnlySpan<byte> text, Span<byte> joined, Span<int> places)
    {
        var (at, count) = (0, 0);
        while (at < text.Length)
        {
            if (_place == Place.Text && _gap == 0)
            {
                var end = text[at..].IndexOfAny(Backslash, EscapeByte) is >= 0 and var stop ? at + stop : text.Length;
                (at, count) = JoinPlain(text[..end], at, joined, places, count);
            }

            if (at < text.Length)
            {
                var step = Take(text[at]);
                if (step is Step.Separates or Step.SeparatesAndStays)
                {
                    (joined[count], places[count++]) = (Barrier, at);
                }

                if (step is Step.Stays or Step.SeparatesAndStays)
                {
                    (joined[count], places[count++]) = (text[at], at);
                }

                at++;
            }
        }

        return count;
    }

    public void Reset() => (_gap, _place) = (0, Place.Text);

    /// <summary>Joins text without escapes, up to its end or to a gap that must be counted.</summary>
    private (int At, int Count) JoinPlain(ReadOnlySpan<byte> text, int at, Span<byte> joined, Span<int> places, int count)
    {
        var stays = Stays;
        var last = at - 1;
        while (at < text.Length)
        {
            var (end, before) = (Math.Min(at + Block, text.Length), count);
            for (; at < end; at++)
            {
                // No branch: which bytes stay can't be foreseen.
                var value = text[at];
                joined[count] = value;
                places[count] = at;
                count += stays[value];
            }

            if (count == before)
            {
                break;
            }

            last = places[count - 1];
        }

        _gap = at - 1 - last;
        return (at, count);
    }

    private Step Take(byte value)
    {
        switch (Next(value))
        {
            case Step.IsBetween:
                return ++_gap == LongestGap + 1 ? Step.Separates : Step.IsBetween;
            case Step.Separates:
                _gap++;
                return Step.Separates;
            case var step:
                _gap = 0;
                return step;
        }
    }

    private Step Next(byte value) => _place switch
    {
        Place.Text => NextOfText(value),
        Place.Backslash => value switch
        {
            Backslash => Step.IsBetween,
            (byte)'n' or (byte)'r' or (byte)'t' or (byte)'"' => Go(Place.Text),
            (byte)'u' => GoToUnicode(),
            _ => Break(value),
        },
        Place.Unicode => char.IsAsciiHexDigit((char)value) ? TakeDigit(value) : Break(value),
        Place.Escape => value == '[' ? Go(Place.Colour) : Break(value),
        _ => char.IsAsciiDigit((char)value) || value == ';' ? Step.IsBetween : value is (byte)'m' or (byte)'K' ? Go(Place.Text) : Break(value),
    };

    private Step NextOfText(byte value) => value switch
    {
        Backslash => Go(Place.Backslash),
        EscapeByte => Go(Place.Escape),
        _ => Stays[value] == 0 ? Step.IsBetween : Step.Stays,
    };

    private Step Go(Place place)
    {
        _place = place;
        return Step.IsBetween;
    }

    private Step GoToUnicode()
    {
        (_code, _digits) = (0, 0);
        return Go(Place.Unicode);
    }

    private Step TakeDigit(byte value)
    {
        _code = (_code * 16) + (char.IsAsciiDigit((char)value) ? value - '0' : (value | 0x20) - 'a' + 10);
        if (++_digits < 4)
        {
            return Step.IsBetween;
        }

        _place = _code == EscapeByte ? Place.Escape : Place.Text;
        return _code is EscapeByte or '\n' or '\r' or '\t' ? Step.IsBetween : Step.Separates;
    }

    /// <summary>It was something else: what stood before is no beginning any more.</summary>
    private Step Break(byte value)
    {
        _place = Place.Text;
        return NextOfText(value) == Step.Stays ? Step.SeparatesAndStays : Step.Separates;
    }
}
