namespace ContainerGroups.Host.Tests.Output.Masking;

/// <summary>What the masker has to do, said as plainly as possible: of a whole text, each pattern compared at each place.</summary>
internal static class NaiveMasking
{
    private const int LongestGap = 96;
    private const int Barrier = -1;

    /// <summary>Masks patterns as they are, and others though lines end inside them.</summary>
    public static byte[] Mask(byte[] text, IEnumerable<byte[]> patterns, IEnumerable<byte[]> broken)
    {
        var masked = text.ToArray();
        Mask(masked, [.. text.Select((value, place) => ((int)value, place))], patterns);
        Mask(masked, Joined(text), broken);
        return masked;
    }

    private static void Mask(byte[] masked, List<(int Value, int Place)> text, IEnumerable<byte[]> patterns)
    {
        foreach (var pattern in patterns)
        {
            for (var at = 0; at + pattern.Length <= text.Count; at++)
            {
                var same = 0;
                while (same < pattern.Length && text[at + same].Value == pattern[same])
                {
                    same++;
                }

                for (var i = 0; same == pattern.Length && i < same; i++)
                {
                    masked[text[at + i].Place] = (byte)'*';
                }
            }
        }
    }

    /// <summary>What is left of a text without all that may stand between two lines.</summary>
    private static List<(int Value, int Place)> Joined(byte[] text)
    {
        var joined = new List<(int Value, int Place)>();
        var (at, end) = (0, 0);
        while (at < text.Length)
        {
            var (next, separates) = AfterGap(text, at);
            if (separates)
            {
                joined.Add((Barrier, at));
            }

            if (next == at)
            {
                if (at - end > LongestGap)
                {
                    joined.Add((Barrier, at));
                }

                joined.Add((text[at], at));
                end = next = at + 1;
            }

            at = next;
        }

        return joined;
    }

    /// <summary>Where one thing ends that may stand between lines, and whether it was something else after all.</summary>
    private static (int Next, bool Separates) AfterGap(byte[] text, int at) => (char)text[at] switch
    {
        '\n' or '\r' or '\t' or ' ' or '"' or '\'' or ',' => (at + 1, false),
        '\u001b' => AfterColour(text, at + 1),
        '\\' => AfterBackslashes(text, at + 1),
        _ => (at, false),
    };

    private static (int Next, bool Separates) AfterColour(byte[] text, int at)
    {
        if (at == text.Length || text[at] != '[')
        {
            return (at, true);
        }

        at++;
        while (at < text.Length && (char.IsAsciiDigit((char)text[at]) || text[at] == ';'))
        {
            at++;
        }

        return at < text.Length && text[at] is (byte)'m' or (byte)'K' ? (at + 1, false) : (at, true);
    }

    private static (int Next, bool Separates) AfterBackslashes(byte[] text, int at)
    {
        while (at < text.Length && text[at] == '\\')
        {
            at++;
        }

        return at == text.Length ? (at, true) : (char)text[at] switch
        {
            'n' or 'r' or 't' or '"' => (at + 1, false),
            'u' => AfterUnicode(text, at + 1),
            _ => (at, true),
        };
    }

    private static (int Next, bool Separates) AfterUnicode(byte[] text, int at)
    {
        var digits = new string([.. text.Skip(at).Take(4).Select(value => (char)value).TakeWhile(char.IsAsciiHexDigit)]);
        at += digits.Length;
        return digits.Length < 4 ? (at, true) : Convert.ToInt32(digits, 16) switch
        {
            0x1b => AfterColour(text, at),
            '\n' or '\r' or '\t' => (at, false),
            _ => (at, true),
        };
    }
}
