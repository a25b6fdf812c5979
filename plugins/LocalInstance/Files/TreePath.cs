namespace ContainerGroups.LocalInstance.Files;

/// <summary>Names inside an unpacked tree. They come from users' archives, so each is proven to stay inside.</summary>
internal static class TreePath
{
    private const int MostLinksFollowed = 40;

    /// <summary>Brings an entry's name into the form <c>a/b/c</c>, "" for the root; null when it leads out of the tree.</summary>
    public static string? Normalize(string name)
    {
        if (name.StartsWith('/') || name.Contains('\0'))
        {
            return null;
        }

        var parts = name.Split('/').Where(part => part is not ("" or ".")).ToList();
        return parts.Contains("..") ? null : string.Join('/', parts);
    }

    /// <summary>Whether following a link, and every link on its way, stays inside the tree.</summary>
    /// <param name="link">The link's normalized name.</param>
    /// <param name="links">The targets of all links of the tree, as written, by normalized name.</param>
    public static bool StaysInside(string link, IReadOnlyDictionary<string, string> links)
    {
        List<string> position = [.. link.Split('/')[..^1]];
        var todo = new Stack<string>(links[link].Split('/').Reverse());
        if (links[link].StartsWith('/') || links[link].Contains('\0'))
        {
            return false;
        }

        for (var followed = 1; todo.TryPop(out var part);)
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part == "..")
            {
                if (position.Count == 0)
                {
                    return false;
                }

                position.RemoveAt(position.Count - 1);
                continue;
            }

            position.Add(part);
            if (!links.TryGetValue(string.Join('/', position), out var target))
            {
                continue;
            }

            // A loop leads nowhere, so it leads nowhere outside; but what can't be told is refused.
            if (target.StartsWith('/') || ++followed > MostLinksFollowed)
            {
                return false;
            }

            position.RemoveAt(position.Count - 1);
            foreach (var step in target.Split('/').Reverse())
            {
                todo.Push(step);
            }
        }

        return true;
    }
}
