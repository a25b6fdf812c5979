namespace ContainerGroups.Host.Rest.Filters;

/// <summary>How a condition combines with the others of a query.</summary>
internal enum FilterConnector
{
    /// <summary>Must hold, on the same related row as the other such conditions on the same relation.</summary>
    And,

    /// <summary>One of all conditions of this kind must hold.</summary>
    Or,

    /// <summary>Must hold, on any related row.</summary>
    Chain,
}

/// <summary>One condition of a query, as it was written: <c>[chain__|or__][not__]path[__lookup][__int]=value</c>.</summary>
internal sealed record FilterTerm(FilterConnector Connector, bool Negated, IReadOnlyList<string> Path, Lookup Lookup, string Value)
{
    private const string Separator = "__";

    private static readonly Dictionary<string, Lookup> Lookups = Enum.GetValues<Lookup>()
        .ToDictionary(lookup => lookup.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static FilterTerm Parse(string key, string value)
    {
        var rest = key;
        var connector = Take(ref rest, "or__") ? FilterConnector.Or
            : Take(ref rest, "chain__") ? FilterConnector.Chain
            : FilterConnector.And;
        var negated = Take(ref rest, "not__");
        if (rest.EndsWith("__int", StringComparison.Ordinal))
        {
            // It tells AWX to compare as a number; columns know here what they are.
            rest = rest[..^5];
        }

        var path = rest.Split(Separator);
        var lookup = Lookup.Exact;
        if (path.Length > 1 && Lookups.TryGetValue(path[^1], out var named))
        {
            lookup = named;
            path = path[..^1];
        }

        return new FilterTerm(connector, negated, FieldPath.Check(path), lookup, value);
    }

    private static bool Take(ref string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        text = text[prefix.Length..];
        return true;
    }
}

/// <summary>AWX's comparisons; their names in queries are these in lower case.</summary>
internal enum Lookup
{
    Exact,
    IExact,
    Contains,
    IContains,
    StartsWith,
    IStartsWith,
    EndsWith,
    IEndsWith,
    Regex,
    IRegex,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    IsNull,
    Search,
}
