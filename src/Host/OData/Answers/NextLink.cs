using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Where the rest of a result is.</summary>
internal static class NextLink
{
    public static string Token(Page page, object?[] last) => page.TokenCell < 0
        ? SkipToken.Encode(page.Skipped + page.Size)
        : SkipToken.Encode(last.Skip(page.TokenCell));

    /// <summary>A link to a collection of its own.</summary>
    public static string Of(Page page, object?[] last, string url, string options)
    {
        var top = page.Left is { } left ? FormattableString.Invariant($"&$top={left}") : "";
        return $"{url}?{options}{(options.Length > 0 ? "&" : "")}$skiptoken={Token(page, last)}{top}";
    }
}
