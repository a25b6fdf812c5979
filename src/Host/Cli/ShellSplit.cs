using System.Text;

namespace ContainerGroups.Host.Cli;

/// <summary>A text cut into words as a shell does it, which is how <c>-e</c> holds several pairs.</summary>
internal static class ShellSplit
{
    /// <summary>The words of a text: quotes group, a backslash takes the next character as it is.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                inWord = false;
                continue;
            }

            inWord = true;
            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                quote = c;
            }
            else
            {
                word.Append(c == '\\' && quote != '\'' && i + 1 < text.Length ? text[++i] : c);
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
