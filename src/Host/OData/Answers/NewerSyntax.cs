using System.Text;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>
/// Writes what OData has, and the parser does not know, as what it knows: an alias of a key is its value, <c>A divby B</c> is a division that begins with a
/// multiplication by a fraction, and <c>case(C:V,…)</c> a function with commas only.
/// </summary>
internal static partial class NewerSyntax
{
    private static readonly string[] Options = ["$filter", "$orderby", "$compute", "$apply", "$expand"];

    public static string Rewritten(string query)
    {
        if (!Any().IsMatch(query))
        {
            return query;
        }

        var pairs = query.Split('&');
        for (var i = 0; i < pairs.Length; i++)
        {
            var parts = pairs[i].Split('=', 2);
            var name = ServiceRequest.Key(pairs[i]);
            if (parts.Length == 2 && (Options.Contains(name) || name.StartsWith('@')))
            {
                var text = ServiceRequest.Decode(parts[1]);
                var rewritten = Text(text);
                pairs[i] = rewritten == text ? pairs[i] : $"{parts[0]}={Uri.EscapeDataString(rewritten)}";
            }
        }

        return string.Join('&', pairs);
    }

    /// <summary>The path with keys in place of the aliases that stand for them; the parser hands those on unread.</summary>
    public static string WithKeys(string path, Func<string, string?> valueOf) => path.Contains('@', StringComparison.Ordinal)
        ? KeyAlias().Replace(path, match => valueOf(match.Value.ToLowerInvariant()) is { } value ? Uri.EscapeDataString(value) : match.Value)
        : path;

    private static string Text(string text)
    {
        var result = new StringBuilder(text.Length);
        // For each open parenthesis, whether it is that of a case.
        var open = new Stack<bool>();
        foreach (Match token in Tokens().Matches(text))
        {
            switch (token.Value)
            {
                case var word when Case().IsMatch(word):
                    open.Push(true);
                    result.Append(word);
                    break;
                case "(":
                    open.Push(false);
                    result.Append('(');
                    break;
                case ")":
                    open.TryPop(out _);
                    result.Append(')');
                    break;
                case ":" when open.TryPeek(out var isCase) && isCase:
                    result.Append(',');
                    break;
                case var word when word.Equals("divby", StringComparison.OrdinalIgnoreCase):
                    result.Append("mul 1.0 div");
                    break;
                case var other:
                    result.Append(other);
                    break;
            }
        }

        return result.ToString();
    }

    [GeneratedRegex("divby|case", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Any();

    [GeneratedRegex(@"^case\s*\($", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Case();

    [GeneratedRegex(@"(?<=(?<!\$filter)\((?:\w+=)?)@\w+(?=\))", RegexOptions.CultureInvariant)]
    private static partial Regex KeyAlias();

    /// <summary>Quoted texts, moments and times, words, and single characters: everything there may be.</summary>
    [GeneratedRegex(
        @"'(?:[^']|'')*'?|\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?|\d{2}:\d{2}:\d{2}(?:\.\d+)?|\bcase\s*\(|[\w@$/.]+|[\s\S]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
