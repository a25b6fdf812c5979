using System.Globalization;
using System.Text;

namespace ContainerGroups.Host.Ansible;

/// <summary>
/// The content of JSON strings as bytes. Python writes a byte that is no UTF-8 as half of a surrogate pair (U+DC80 to U+DCFF), which
/// .NET's own reader refuses: here it becomes that byte again.
/// </summary>
internal static class JsonText
{
    private const int Escape = 6;

    /// <summary>Unescapes; the result is never longer than the source.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Unescape(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var backslash = source.IndexOf((byte)'\\');
            if (backslash < 0)
            {
                source.CopyTo(target[written..]);
                return written + source.Length;
            }

            source[..backslash].CopyTo(target[written..]);
            written += backslash;
            source = source[backslash..];
            if (source[1] == (byte)'u')
            {
                source = source[UnescapeUnicode(source, target, ref written)..];
            }
            else
            {
                target[written++] = Simple(source[1]);
                source = source[2..];
            }
        }
    }

    /// <summary>Bytes as a text that both databases can keep: PostgreSQL has no NUL in its texts.</summary>
    public static string ToStorable(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains('\0') ? text.Replace("\0", "", StringComparison.Ordinal) : text;
    }

    private static byte Simple(byte escaped) => escaped switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escaped,
    };

    /// <returns>The length of the escape, or of the two that make one character.</returns>
    private static int UnescapeUnicode(ReadOnlySpan<byte> source, Span<byte> target, ref int written)
    {
        var unit = Unit(source);
        if (char.IsHighSurrogate(unit) && source.Length >= 2 * Escape && source[Escape] == (byte)'\\' && source[Escape + 1] == (byte)'u'
            && Unit(source[Escape..]) is var low && char.IsLowSurrogate(low))
        {
            written += new Rune(unit, low).EncodeToUtf8(target[written..]);
            return 2 * Escape;
        }

        if (unit is >= '\udc80' and <= '\udcff')
        {
            target[written++] = (byte)(unit & 0xff);
        }
        else
        {
            written += (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(target[written..]);
        }

        return Escape;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
