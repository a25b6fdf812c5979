namespace ContainerGroups.Host.OData.Answers;

/// <summary>Finds in <c>$expand</c>, as it was written, the options of one item: a link to the rest of it has to carry them.</summary>
internal static class ExpandText
{
    /// <summary>The options of an item, each as <c>$name=value</c>, ready for a URL.</summary>
    public static IEnumerable<string> Options(string expand, string name)
    {
        foreach (var option in Split(Item(expand, name), ';'))
        {
            var parts = option.Split('=', 2);
            var key = parts[0].Trim().TrimStart('$').ToLowerInvariant();
            if (parts.Length == 2 && key is not ("top" or "skip" or "levels"))
            {
                yield return $"${key}={Uri.EscapeDataString(parts[1])}";
            }
        }
    }

    /// <summary>One option of an item; empty when it is not there.</summary>
    public static string Inside(string expand, string name, string option)
    {
        foreach (var candidate in Split(Item(expand, name), ';'))
        {
            var parts = candidate.Split('=', 2);
            if (parts.Length == 2 && "$" + parts[0].Trim().TrimStart('$').ToLowerInvariant() == option)
            {
                return parts[1];
            }
        }

        return "";
    }

    /// <summary>What stands in an item's parentheses.</summary>
    private static string Item(string expand, string name)
    {
        foreach (var item in Split(expand, ','))
        {
            var open = item.IndexOf('(', StringComparison.Ordinal);
            var path = (open < 0 ? item : item[..open]).Trim();
            if (path.Equals(name, StringComparison.OrdinalIgnoreCase) && open >= 0 && item.TrimEnd().EndsWith(')'))
            {
                return item[(open + 1)..].TrimEnd()[..^1];
            }
        }

        return "";
    }

    /// <summary>Splits where the separator is in no bracket and no text.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var (depth, quoted, start) = (0, false, 0);
        for (var i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '\'';
            depth += quoted ? 0 : text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == separator && !quoted && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
