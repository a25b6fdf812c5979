using System.Text;

namespace ContainerGroups.Host.Inventories;

/// <summary>Splits a line of an INI inventory as a POSIX shell would: quotes, backslashes, and comments from <c>#</c> on.</summary>
internal static class ShellWords
{
    /// <exception cref="VariablesException">A quote is not closed, or the line ends in a backslash.</exception>
    public static IReadOnlyList<string> Split(string text, int line)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (IsBlank(text[i]))
            {
                i++;
            }
            else if (text[i] == '#')
            {
                break;
            }
            else
            {
                words.Add(ReadWord(text, ref i, line));
            }
        }

        return words;
    }

    private static string ReadWord(string text, ref int i, int line)
    {
        var word = new StringBuilder();
        while (i < text.Length && !IsBlank(text[i]))
        {
            switch (text[i])
            {
                case '#':
                    // A comment begins even in the middle of a word.
                    i = text.Length;
                    break;
                case '\'' or '"':
                    ReadQuoted(text, ref i, word, line);
                    break;
                case '\\':
                    word.Append(Escaped(text, i, line));
                    i += 2;
                    break;
                default:
                    word.Append(text[i++]);
                    break;
            }
        }

        return word.ToString();
    }

    private static void ReadQuoted(string text, ref int i, StringBuilder word, int line)
    {
        var quote = text[i++];
        while (true)
        {
            if (i >= text.Length)
            {
                throw new VariablesException($"the quote {quote} is not closed", line);
            }

            var c = text[i++];
            if (c == quote)
            {
                return;
            }

            if (c == '\\' && quote == '"')
            {
                var next = Escaped(text, i - 1, line);
                // Between double quotes a backslash stands for itself, except before a quote or another one.
                word.Append(next is '"' or '\\' ? "" : "\\").Append(next);
                i++;
            }
            else
            {
                word.Append(c);
            }
        }
    }

    private static char Escaped(string text, int backslash, int line) =>
        backslash + 1 < text.Length ? text[backslash + 1] : throw new VariablesException("nothing follows the last backslash", line);

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\n';
}
