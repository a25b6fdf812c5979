using System.Numerics;
using System.Runtime.Intrinsics;

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

    /// <summary>What goes out needs so much more room than what comes in.</summary>
    public const int Room = 16;

    private const byte Backslash = (byte)'\\';
    private const byte EscapeByte = 0x1b;

    /// <summary>Single bytes that may stand between lines; no two of them end with the same four bits.</summary>
    private const string Between = "\n\r\t \"',";

    /// <summary>1 for what stays; not for the two with which something longer begins, which are looked for before.</summary>
    private static readonly byte[] Stays = [.. Enumerable.Range(0, 256).Select(value => (byte)(Between.Contains((char)value) ? 0 : 1))];

    /// <summary>By its last four bits, the only byte that would not stay.</summary>
    private static readonly Vector128<byte> NotStaying = Vector128.Create(
        [.. Enumerable.Range(0, 16).Select(end => (byte)(Between.FirstOrDefault(one => (one & 15) == end, (char)(end ^ 1))))]);

    /// <summary>For each choice of eight bytes, which ones they are, from the first on.</summary>
    private static readonly Vector128<byte>[] Chosen =
    [
        .. Enumerable.Range(0, 256).Select(bits => Enumerable.Range(0, 8).Where(i => (bits & (1 << i)) != 0).Select(i => (byte)i).ToArray())
            .Select(indices => Vector128.Create([.. indices, .. new byte[16 - indices.Length]])),
    ];

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
    /// <param name="joined">Gets what stays of them; as long as the text and <see cref="Room"/>.</param>
    /// <param name="places">Gets where each of those stands in the text; as long.</param>
    /// <returns>How many there are.</returns>
    public int Join(ReadOnlySpan<byte> text, Span<byte> joined, Span<ushort> places)
    {
        var (at, count, escape) = (0, 0, -1);
        while (at < text.Length)
        {
            if (_place == Place.Text && _gap == 0)
            {
                if (escape < at)
                {
                    escape = text[at..].IndexOfAny(Backslash, EscapeByte) is >= 0 and var next ? at + next : text.Length;
                }

                (at, count) = JoinPlain(text, at, escape, joined, places, count);
            }

            if (at < text.Length)
            {
                var step = Take(text[at]);
                if (step is Step.Separates or Step.SeparatesAndStays)
                {
                    (joined[count], places[count++]) = (Barrier, (ushort)at);
                }

                if (step is Step.Stays or Step.SeparatesAndStays)
                {
                    (joined[count], places[count++]) = (text[at], (ushort)at);
                }

                at++;
            }
        }

        return count;
    }

    public void Reset() => (_gap, _place) = (0, Place.Text);

    /// <summary>Joins text up to <paramref name="end"/>, where no escape stands before, or up to a gap that may be too long and must be counted.</summary>
    private (int At, int Count) JoinPlain(ReadOnlySpan<byte> text, int at, int end, Span<byte> joined, Span<ushort> places, int count)
    {
        var (first, before) = (at, count);
        while (at < end && at + Vector128<byte>.Count <= text.Length)
        {
            var block = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            var not = Vector128.Equals(Vector128.ShuffleNative(NotStaying, block & Vector128.Create((byte)15)), block);
            var length = Math.Min(end - at, Vector128<byte>.Count);
            var stay = ~not.ExtractMostSignificantBits() & ((1u << length) - 1);
            count = Choose(block, stay & byte.MaxValue, 0, at, joined, places, count);
            count = Choose(block, stay >> 8, 8, at, joined, places, count);
            at += length;
            if (stay == 0)
            {
                end = at;
            }
        }

        for (; at < end; at++)
        {
            // No branch: which bytes stay can't be foreseen.
            (joined[count], places[count]) = (text[at], (ushort)at);
            count += Stays[text[at]];
        }

        _gap = at - (count == before ? first : places[count - 1] + 1);
        return (at, count);
    }

    /// <summary>Appends those of a block's eight bytes from one on whose bit is set. Writes eight in any case; the next ones overwrite them.</summary>
    private static int Choose(Vector128<byte> block, uint bits, byte from, int at, Span<byte> joined, Span<ushort> places, int count)
    {
        var indices = Chosen[bits] + Vector128.Create(from);
        Vector128.ShuffleNative(block, indices).GetLower().CopyTo(joined[count..]);
        (Vector128.WidenLower(indices) + Vector128.Create((ushort)at)).CopyTo(places[count..]);
        return count + BitOperations.PopCount(bits);
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
