namespace ContainerGroups.Host.Output;

/// <summary>Lines as bytes: a line ends with its line feed.</summary>
internal static class LineFeeds
{
    private const byte LineFeed = (byte)'\n';

    public static int Count(ReadOnlySpan<byte> text) => text.Count(LineFeed);

    /// <summary>Where the line after the first <paramref name="count"/> line feeds begins; -1 when there are fewer.</summary>
    public static int IndexAfter(ReadOnlySpan<byte> text, long count)
    {
        var position = 0;
        for (; count > 0; count--)
        {
            var next = text[position..].IndexOf(LineFeed);
            if (next < 0)
            {
                return -1;
            }

            position += next + 1;
        }

        return position;
    }
}
