using System.Globalization;
using System.Text;

namespace ContainerGroups.Host.Inventories;

/// <summary>One Python string literal, with its prefix and its escapes.</summary>
internal static class PythonString
{
    public static bool IsPrefix(string word) => word.ToLowerInvariant() is "" or "r" or "u" or "b" or "rb" or "br";

    /// <summary>Reads a string where there is one.</summary>
    /// <exception cref="FormatException">One begins, but is none.</exception>
    public static bool TryRead(string text, ref int at, out string value, out bool isBytes)
    {
        (value, isBytes) = ("", false);
        var quoteAt = at;
        while (quoteAt < text.Length && char.IsAsciiLetter(text[quoteAt]))
        {
            quoteAt++;
        }

        var prefix = text[at..quoteAt].ToLowerInvariant();
        if (quoteAt >= text.Length || text[quoteAt] is not ('\'' or '"') || !IsPrefix(prefix))
        {
            return false;
        }

        isBytes = prefix.Contains('b');
        var quote = QuoteAt(text, quoteAt);
        at = quoteAt + quote.Length;
        value = ReadBody(text, ref at, quote, prefix.Contains('r'), isBytes);
        return true;
    }

    private static string QuoteAt(string text, int at)
    {
        var triple = new string(text[at], 3);
        return string.CompareOrdinal(text, at, triple, 0, 3) == 0 ? triple : text[at].ToString();
    }

    private static string ReadBody(string text, ref int at, string quote, bool isRaw, bool isBytes)
    {
        var body = new StringBuilder();
        while (string.CompareOrdinal(text, at, quote, 0, quote.Length) != 0)
        {
            if (at >= text.Length || (isBytes && text[at] > 127))
            {
                throw new FormatException();
            }

            if (text[at] != '\\')
            {
                body.Append(text[at++]);
            }
            else if (isRaw)
            {
                // A backslash keeps the quote from ending the string, and both stay in it.
                body.Append(text[at++]).Append(at < text.Length ? text[at++] : throw new FormatException());
            }
            else
            {
                ReadEscape(text, ref at, body, isBytes);
            }
        }

        at += quote.Length;
        return isBytes ? FromBytes(body) : body.ToString();
    }

    private static void ReadEscape(string text, ref int at, StringBuilder body, bool isBytes)
    {
        if (at + 1 >= text.Length)
        {
            throw new FormatException();
        }

        var c = text[at + 1];
        at += 2;
        switch (c)
        {
            case '\\' or '\'' or '"':
                body.Append(c);
                break;
            case >= '0' and <= '7':
                at--;
                body.Append((char)(Digits(text, ref at, 1, 3, 8) & (isBytes ? 0xFF : 0x1FF)));
                break;
            case 'x':
                body.Append((char)Digits(text, ref at, 2, 2, 16));
                break;
            case 'u' when !isBytes:
                AppendCodePoint(body, Digits(text, ref at, 4, 4, 16));
                break;
            case 'U' when !isBytes:
                AppendCodePoint(body, Digits(text, ref at, 8, 8, 16));
                break;
            case 'N' when !isBytes:
                // Named characters would need Unicode's table of names.
                throw new FormatException();
            default:
                var index = "abfnrtv".IndexOf(c);
                body.Append(index >= 0 ? "\a\b\f\n\r\t\v"[index].ToString() : $"\\{c}");
                break;
        }
    }

    private static void AppendCodePoint(StringBuilder body, long codePoint)
    {
        if (codePoint is > 0x10FFFF or (>= 0xD800 and <= 0xDFFF))
        {
            throw new FormatException();
        }

        body.Append(char.ConvertFromUtf32((int)codePoint));
    }

    private static long Digits(string text, ref int at, int least, int most, int radix)
    {
        long value = 0;
        var count = 0;
        while (count < most && at < text.Length && IsDigit(text[at], radix))
        {
            value = value * radix + long.Parse(text.AsSpan(at, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at++;
            count++;
        }

        return count >= least ? value : throw new FormatException();
    }

    private static bool IsDigit(char c, int radix) => radix == 16 ? char.IsAsciiHexDigit(c) : c is >= '0' and <= '7';

    /// <summary>Ansible turns bytes into text as UTF-8.</summary>
    private static string FromBytes(StringBuilder body)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(Encoding.Latin1.GetBytes(body.ToString()));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException();
        }
    }
}
