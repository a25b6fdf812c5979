using ContainerGroups.Kubernetes.Simulation.Api;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>A label selector: <c>a=b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b,c)</c>, <c>a</c>, <c>!a</c>, joined by commas.</summary>
internal sealed class LabelSelector
{
    private readonly List<Func<IReadOnlyDictionary<string, string>, bool>> _requirements = [];

    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        foreach (var part in Parts(text ?? ""))
        {
            selector._requirements.Add(Requirement(part.Trim()));
        }

        return selector;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(requirement => requirement(labels));

    /// <summary>Commas inside parentheses belong to a set.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (i > start)
                {
                    yield return text[start..i];
                }

                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
    }

    private static Func<IReadOnlyDictionary<string, string>, bool> Requirement(string part)
    {
        if (SetRequirement(part) is { } set)
        {
            return set;
        }

        var at = part.IndexOf("!=", StringComparison.Ordinal);
        if (at > 0)
        {
            var (key, value) = (part[..at].Trim(), part[(at + 2)..].Trim());
            return labels => labels.GetValueOrDefault(key) != value;
        }

        at = part.IndexOf('=');
        if (at > 0)
        {
            var (key, value) = (part[..at].Trim(), part[(at + 1)..].TrimStart('=').Trim());
            return labels => labels.TryGetValue(key, out var found) && found == value;
        }

        return part.StartsWith('!')
            ? labels => !labels.ContainsKey(part[1..].Trim())
            : Legal(part) ? labels => labels.ContainsKey(part)
            : throw Statuses.BadRequest($"unable to parse requirement: found '{part}', expected: identifier");
    }

    private static Func<IReadOnlyDictionary<string, string>, bool>? SetRequirement(string part)
    {
        var open = part.IndexOf('(');
        if (open < 0 || !part.EndsWith(')'))
        {
            return null;
        }

        var head = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var values = part[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries).ToHashSet();
        return head switch
        {
            [var key, "in"] => labels => labels.TryGetValue(key, out var found) && values.Contains(found),
            [var key, "notin"] => labels => !labels.TryGetValue(key, out var found) || !values.Contains(found),
            _ => throw Statuses.BadRequest($"unable to parse requirement: found '{part}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private static bool Legal(string key) => key.Length > 0 && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/');
}
