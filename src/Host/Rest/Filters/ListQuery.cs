using System.Globalization;
using System.Linq.Expressions;
using ContainerGroups.Host.Rest.Fields;
using Microsoft.AspNetCore.WebUtilities;

namespace ContainerGroups.Host.Rest.Filters;

/// <summary>The query string of a list: which rows, in which order, which page of them.</summary>
internal sealed class ListQuery
{
    public const int MaxPageSize = 200;

    private const int DefaultPageSize = 25;

    private const string RoleLevel = "role_level";

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        RoleLevel, "page", "page_size", "format", "order", "order_by", "search", "type", "host_filter", "count_disabled", "no_truncate", "limit",
        "validate",
    };

    private readonly HttpRequest _request;
    private readonly IReadOnlyList<FilterTerm> _terms;
    private readonly IReadOnlyList<string> _order;
    private readonly IReadOnlyList<string> _roleLevels;
    private readonly string _search;
    private readonly string? _page;

    public ListQuery(HttpRequest request)
    {
        _request = request;
        var query = request.Query;
        _terms = [.. query.Where(pair => !Reserved.Contains(pair.Key))
            .SelectMany(pair => pair.Value.Select(value => FilterTerm.Parse(pair.Key, value ?? "")))];
        _order = [.. new[] { "order", "order_by" }.SelectMany(name => query[name])
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        _roleLevels = [.. query[RoleLevel].Select(value => value ?? "")];
        _search = string.Join(' ', query["search"].AsEnumerable());
        _page = query["page"].LastOrDefault();
        PageSize = Number(query["page_size"].LastOrDefault()) is { } size and > 0 ? (int)Math.Min(size, MaxPageSize) : DefaultPageSize;
        Limit = Number(query["limit"].LastOrDefault()) is { } limit and > 0 ? (int)Math.Min(limit, MaxPageSize) : null;
        CountDisabled = Booleans.Read(query["count_disabled"].LastOrDefault() ?? "") ?? false;
        Types = query["type"].Count == 0 ? null : [.. query["type"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))];
    }

    public int PageSize { get; }

    public int? Limit { get; }

    public bool CountDisabled { get; }

    /// <summary>Whether long texts are shown whole.</summary>
    public bool ShowsWholeTexts => Booleans.Read(_request.Query["no_truncate"].LastOrDefault() ?? "") ?? false;

    /// <summary>The values of <c>type=</c>; null when it isn't asked for.</summary>
    public IReadOnlyList<string>? Types { get; }

    public IQueryable<T> Filter<T>(IQueryable<T> rows, Resource resource, FilterBinder binder)
        where T : class
    {
        foreach (var level in _roleLevels)
        {
            rows = binder.BindRole<T>(resource, level) is { } held ? rows.Where(held) : rows;
        }

        rows = binder.Bind<T>(resource, _terms) is { } condition ? rows.Where(condition) : rows;
        rows = binder.BindSearch<T>(resource, _search) is { } found ? rows.Where(found) : rows;
        return Types is null || resource.FindField("type")?.Column is not Expression<Func<T, string>> type
            ? rows
            : rows.Where(Predicates.In(type, Types));
    }

    /// <summary>The order asked for, then the resource's own, then the key: pages never overlap.</summary>
    public IQueryable<T> Sort<T>(IQueryable<T> rows, Resource resource, FilterBinder binder, Expression<Func<T, int>>? position = null)
        where T : class
    {
        var row = Expression.Parameter(typeof(T), "row");
        var keys = _order.Select(key => Key(key, resource, row, binder)).ToList();
        if (position is not null)
        {
            keys.Add((Predicates.Apply(position, row), false));
        }

        keys.AddRange(resource.DefaultOrder.Append("id").Select(key => Key(key, resource, row, binder)));
        var query = rows.Expression;
        for (var i = 0; i < keys.Count; i++)
        {
            var (value, descending) = keys[i];
            var method = (i == 0 ? nameof(Queryable.OrderBy) : nameof(Queryable.ThenBy)) + (descending ? "Descending" : "");
            query = Expression.Call(typeof(Queryable), method, [typeof(T), value.Type], query, Expression.Quote(Expression.Lambda(value, row)));
        }

        return rows.Provider.CreateQuery<T>(query);
    }

    /// <summary>The number of the page asked for.</summary>
    /// <exception cref="ApiException">There is no such page.</exception>
    public int PageNumber(long count)
    {
        var pages = Math.Max(1, (count + PageSize - 1) / PageSize);
        var wanted = _page switch
        {
            null or "" => 1,
            "last" => pages,
            _ => Number(_page) ?? 0,
        };
        return wanted >= 1 && wanted <= pages ? (int)wanted : throw ApiException.NotFound("Invalid page.");
    }

    /// <summary>The page asked for when nobody counts how many there are.</summary>
    public int UncountedPageNumber() => _page is null or "" ? 1
        : Number(_page) is { } number and >= 1 and <= int.MaxValue / MaxPageSize ? (int)number
        : throw ApiException.NotFound("Invalid page.");

    /// <summary>The link to another page, with everything else that was asked.</summary>
    public string Link(int page)
    {
        var path = _request.PathBase + _request.Path;
        var query = QueryHelpers.ParseQuery(_request.QueryString.Value)
            .Where(pair => pair.Key != "page")
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(
                pair.Key, pair.Key == "page_size" ? PageSize.ToString(CultureInfo.InvariantCulture) : value)))
            .Append(KeyValuePair.Create("page", (string?)page.ToString(CultureInfo.InvariantCulture)));
        return path.ToUriComponent() + QueryString.Create(query).ToUriComponent();
    }

    private static (Expression Value, bool Descending) Key(string key, Resource resource, ParameterExpression row, FilterBinder binder)
    {
        var descending = key.StartsWith('-');
        return (binder.BindColumn(resource, row, FieldPath.Check((descending ? key[1..] : key).Split("__"))), descending);
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
