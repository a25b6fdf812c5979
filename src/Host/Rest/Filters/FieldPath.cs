namespace ContainerGroups.Host.Rest.Filters;

/// <summary>A field as a query names it: <c>name</c>, or through relations, <c>organization__name</c>.</summary>
internal static class FieldPath
{
    /// <summary>Each relation puts one query into another, and what the database takes of these ends far below what a URL has room for.</summary>
    private const int MaxRelations = 10;

    private const int LongestShown = 100;

    /// <summary>The names of a path, relations before the field.</summary>
    /// <exception cref="ApiException">The path follows too many relations.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> path)
    {
        if (path.Count <= MaxRelations + 1)
        {
            return path;
        }

        var name = string.Join("__", path);
        throw ApiException.BadRequest(
            $"The field '{(name.Length > LongestShown ? name[..LongestShown] + "…" : name)}' follows more than {MaxRelations} relations.");
    }
}
