using System.Text;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Credentials.Injection;

/// <summary>
/// A text with names in double braces: <c>{{ field }}</c>, <c>{{ tower.filename.x }}</c>. What is more of Jinja (filters, statements,
/// comments) is refused when the text is read: it is never run, and never comes out half done.
/// </summary>
internal sealed partial class InputTemplate
{
    private readonly IReadOnlyList<(string Text, bool IsName)> _parts;

    private InputTemplate(IReadOnlyList<(string Text, bool IsName)> parts)
    {
        _parts = parts;
    }

    /// <summary>The names that it uses.</summary>
    public IEnumerable<string> Names => _parts.Where(part => part.IsName).Select(part => part.Text);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\z")]
    private static partial Regex NameForm();

    /// <summary>Reads a text.</summary>
    /// <param name="text">As the user wrote it.</param>
    /// <param name="error">What is wrong with it, when the result is null.</param>
    public static InputTemplate? Parse(string text, out string? error)
    {
        var parts = new List<(string, bool)>();
        var position = 0;
        while (position < text.Length)
        {
            var open = NextBrace(text, position);
            if (open > position)
            {
                parts.Add((text[position..open], false));
            }

            if (open == text.Length)
            {
                break;
            }

            if (text[open + 1] != '{')
            {
                error = $"{text.Substring(open, 2)} is not supported in templates; only names in double braces are";
                return null;
            }

            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                error = "a {{ without its }}";
                return null;
            }

            var name = text[(open + 2)..close].Trim();
            if (!NameForm().IsMatch(name))
            {
                error = $"{{{{ {name} }}}} is not supported in templates; only names in double braces are";
                return null;
            }

            parts.Add((name, true));
            position = close + 2;
        }

        error = null;
        return new InputTemplate(parts);
    }

    private static int NextBrace(string text, int position)
    {
        for (var open = text.IndexOf('{', position); open >= 0; open = text.IndexOf('{', open + 1))
        {
            if (open + 1 < text.Length && text[open + 1] is ('{' or '%' or '#'))
            {
                return open;
            }
        }

        return text.Length;
    }

    /// <summary>Puts values in place of the names.</summary>
    /// <exception cref="KeyNotFoundException">A name has no value.</exception>
    public string Render(Func<string, string?> value)
    {
        var text = new StringBuilder();
        foreach (var (part, isName) in _parts)
        {
            text.Append(isName ? value(part) ?? throw new KeyNotFoundException($"The template names '{part}', which has no value.") : part);
        }

        return text.ToString();
    }
}
