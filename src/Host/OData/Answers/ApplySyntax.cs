using System.Globalization;
using System.Text.RegularExpressions;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>
/// Writes <c>topcount(N,Value)</c> and <c>bottomcount(N,Value)</c>, which the parser does not know, as computations of the value, so that it
/// reads that with what is known at its place; and remembers which steps of <c>$apply</c> they were.
/// </summary>
internal static partial class ApplySyntax
{
    public static (string Text, Dictionary<int, CountedStep> Steps) Rewritten(string apply)
    {
        var steps = new Dictionary<int, CountedStep>();
        var parts = Split(apply);
        for (var i = 0; i < parts.Count; i++)
        {
            if (Counted().Match(parts[i]) is { Success: true } match
                && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                steps[i] = new CountedStep(count, match.Groups[1].Value.Equals("top", StringComparison.OrdinalIgnoreCase));
                parts[i] = string.Create(CultureInfo.InvariantCulture, $"compute({match.Groups[3].Value} as _counted{i})");
            }
        }

        return (string.Join('/', parts), steps);
    }

    /// <summary>The steps: what stands between slashes that are neither in parentheses nor in a text.</summary>
    private static List<string> Split(string apply)
    {
        var parts = new List<string>();
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < apply.Length; i++)
        {
            switch (apply[i])
            {
                case '\'':
                    quoted = !quoted;
                    break;
                case '(' when !quoted:
                    depth++;
                    break;
                case ')' when !quoted:
                    depth--;
                    break;
                case '/' when !quoted && depth == 0:
                    parts.Add(apply[start..i]);
                    start = i + 1;
                    break;
            }
        }

        parts.Add(apply[start..]);
        return parts;
    }

    [GeneratedRegex(@"^\s*(top|bottom)count\(\s*(\d{1,9})\s*,([\s\S]*)\)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();
}
