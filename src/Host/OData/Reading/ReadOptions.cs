using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>The query options of a request, or of one item of <c>$expand</c>, parsed.</summary>
internal sealed record ReadOptions
{
    public FilterClause? Filter { get; init; }

    public SearchClause? Search { get; init; }

    public OrderByClause? OrderBy { get; init; }

    public int? Top { get; init; }

    public int? Skip { get; init; }

    public bool Count { get; init; }

    public SelectExpandClause? Select { get; init; }

    public ComputeClause? Compute { get; init; }

    public ApplyClause? Apply { get; init; }

    /// <summary>Which steps of <c>$apply</c> the parser was given as computations.</summary>
    public IReadOnlyDictionary<int, CountedStep> CountedSteps { get; init; } = new Dictionary<int, CountedStep>();

    public string? SkipToken { get; init; }

    /// <summary>The order of the calls matters: what is computed, or grouped, is known to the clauses that come after.</summary>
    public static ReadOptions Of(ODataUriParser parser)
    {
        var apply = parser.ParseApply();
        var compute = parser.ParseCompute();
        return new ReadOptions
        {
            Apply = apply,
            Compute = compute,
            Filter = parser.ParseFilter(),
            Search = parser.ParseSearch(),
            OrderBy = parser.ParseOrderBy(),
            Select = parser.ParseSelectAndExpand(),
            Top = Number(parser.ParseTop(), "$top"),
            Skip = Number(parser.ParseSkip(), "$skip"),
            Count = parser.ParseCount() ?? false,
            SkipToken = parser.ParseSkipToken(),
        };
    }

    public static ReadOptions Of(ExpandedNavigationSelectItem item) => new()
    {
        Apply = item.ApplyOption,
        Compute = item.ComputeOption,
        Filter = item.FilterOption,
        Search = item.SearchOption,
        OrderBy = item.OrderByOption,
        Select = item.SelectAndExpand,
        Top = Number(item.TopOption, "$top"),
        Skip = Number(item.SkipOption, "$skip"),
        Count = item.CountOption ?? false,
    };

    public static ReadOptions Of(ExpandedReferenceSelectItem item) => new()
    {
        Filter = item.FilterOption,
        Search = item.SearchOption,
        OrderBy = item.OrderByOption,
        Top = Number(item.TopOption, "$top"),
        Skip = Number(item.SkipOption, "$skip"),
        Count = item.CountOption ?? false,
    };

    private static int? Number(long? value, string option) => value switch
    {
        null => null,
        <= int.MaxValue - 1 => (int)value,
        _ when option == "$top" => int.MaxValue - 1,
        _ => throw ODataFault.BadRequest($"{option} can't be that large.", option),
    };
}
