using System.Numerics;

namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Finds byte strings in a stream though lines end inside them: <c>base64</c> ends its lines every 76 characters, other programs every 64,
/// and such lines come as they are, as a JSON text or list, or coloured. What may stand between two lines is passed over, and is no part
/// of a match.
/// </summary>
internal sealed class BrokenForms(SecretMatcher matcher)
{
    /// <summary>More than this between two bytes is no line end, however it is written.</summary>
    private const int LongestGap = 96;

    /// <summary>Where reading begins inside an escape, it is taken for text, for no longer than this.</summary>
    private const int LongestEscape = 32;

    /// <summary>Bytes that are more than text.</summary>
    private static readonly bool[] Special = [.. Enumerable.Range(0, 256).Select(value => "\\\u001b\n\r\t \"',".Contains((char)value))];

    private readonly long[] _positions = new long[BitOperations.RoundUpToPowerOf2((uint)Math.Max(matcher.Longest, 1))];
    private int _state = SecretMatcher.Start;
    private long _count;
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

    /// <summary>How many bytes before a point must be seen for the matches after it to be right.</summary>
    public int Context => matcher.Longest == 0 ? 0 : (matcher.Longest * (1 + LongestGap)) + LongestEscape;

    /// <summary>Where the first of the bytes stands that may be the beginning of a match; null when there is none.</summary>
    public long? Pending => matcher.Pending(_state) is var depth and > 0 ? Position(depth - 1) : null;

    /// <summary>Takes the next byte.</summary>
    /// <returns>How many bytes, told by <see cref="Position"/>, are a match that ends with it; 0 when none does.</returns>
    public int Next(byte value, long position)
    {
        if ((_place != Place.Text || Special[value]) && IsBetween(value))
        {
            if (++_gap > LongestGap)
            {
                _state = SecretMatcher.Start;
            }

            return 0;
        }

        _gap = 0;
        _state = matcher.Next(_state, value);
        if (_state == SecretMatcher.Start)
        {
            return 0;
        }

        _positions[_count++ & (_positions.Length - 1)] = position;
        return matcher.MatchLength(_state);
    }

    /// <summary>Where the bytes stand that may be part of a match, from the last one on backwards.</summary>
    public long Position(int back) => _positions[(_count - 1 - back) & (_positions.Length - 1)];

    public void Reset() => (_state, _gap, _place) = (SecretMatcher.Start, 0, Place.Text);

    /// <summary>Whether a byte belongs to what may stand between two lines.</summary>
    private bool IsBetween(byte value) => _place switch
    {
        Place.Text => value switch
        {
            (byte)'\\' => Go(Place.Backslash),
            0x1b => Go(Place.Escape),
            (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)' ' or (byte)'"' or (byte)'\'' or (byte)',' => true,
            _ => false,
        },
        Place.Backslash => value switch
        {
            (byte)'\\' => true,
            (byte)'n' or (byte)'r' or (byte)'t' or (byte)'"' => Go(Place.Text),
            (byte)'u' => GoToUnicode(),
            _ => Break(value),
        },
        Place.Unicode => char.IsAsciiHexDigit((char)value) ? TakeDigit(value) : Break(value),
        Place.Escape => value == '[' ? Go(Place.Colour) : Break(value),
        _ => char.IsAsciiDigit((char)value) || value == ';' || (value is (byte)'m' or (byte)'K' ? Go(Place.Text) : Break(value)),
    };

    private bool Go(Place place)
    {
        _place = place;
        return true;
    }

    private bool GoToUnicode()
    {
        (_code, _digits) = (0, 0);
        return Go(Place.Unicode);
    }

    private bool TakeDigit(byte value)
    {
        _code = (_code * 16) + Convert.ToInt32(((char)value).ToString(), 16);
        if (++_digits == 4)
        {
            _place = _code == 0x1b ? Place.Escape : Place.Text;
            if (_code is not (0x1b or '\n' or '\r' or '\t'))
            {
                _state = SecretMatcher.Start;
            }
        }

        return true;
    }

    /// <summary>It was something else: what stood before is no beginning any more.</summary>
    private bool Break(byte value)
    {
        (_place, _state) = (Place.Text, SecretMatcher.Start);
        return IsBetween(value);
    }
}
