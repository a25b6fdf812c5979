namespace ContainerGroups.Host.OData.Reading;

/// <summary>Moments as SQLite's driver stores them, <c>2026-03-01 12:00:00.5</c>, as JSON has them: <c>2026-03-01T12:00:00.5Z</c>.</summary>
internal static class StoredMoment
{
    public const int MostBytes = 28;

    private const int WholeSeconds = 19;

    /// <returns>False for what is stored in any other way.</returns>
    public static bool TryFormat(ReadOnlySpan<byte> stored, Span<byte> text, out int length)
    {
        length = 0;
        if (stored.Length is < WholeSeconds or WholeSeconds + 1 or >= MostBytes || !HasForm(stored))
        {
            return false;
        }

        stored.CopyTo(text);
        text[10] = (byte)'T';
        length = stored.Length > WholeSeconds ? text[..stored.Length].TrimEnd((byte)'0').TrimEnd((byte)'.').Length : WholeSeconds;
        text[length++] = (byte)'Z';
        return true;
    }

    private static bool HasForm(ReadOnlySpan<byte> stored)
    {
        for (var i = 0; i < stored.Length; i++)
        {
            var isRight = i switch
            {
                4 or 7 => stored[i] == '-',
                10 => stored[i] == ' ',
                13 or 16 => stored[i] == ':',
                WholeSeconds => stored[i] == '.',
                _ => char.IsAsciiDigit((char)stored[i]),
            };
            if (!isRight)
            {
                return false;
            }
        }

        return true;
    }
}
