using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Where the rest of a result is.</summary>
internal static class NextLink
{
    public static string Token(EntityQuery query, object?[] last) => query.TokenCell < 0
        ? SkipToken.Encode(query.Skipped + query.PageSize)
        : SkipToken.Encode(last.Skip(query.TokenCell));

    /// <summary>A link to a collection of its own.</summary>
    public static string Of(EntityQuery query, object?[] last, string url, string options)
    {
        var top = query.Left is { } left ? FormattableString.Invariant($"&$top={left}") : "";
        return $"{url}?{options}{(options.Length > 0 ? "&" : "")}$skiptoken={Token(query, last)}{top}";
    }
}
