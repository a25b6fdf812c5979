using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>A query for a page of rows, bound and ready to be run.</summary>
internal sealed class EntityQuery
{
    public required Page Page { get; init; }

    /// <summary>Gives arrays of values: those of the shape, then those that the next page begins behind.</summary>
    public required Expression Rows { get; init; }

    /// <summary>What a row is, and what its names mean.</summary>
    public required RowScope Scope { get; init; }

    /// <summary>What rows are sorted by.</summary>
    public required List<OrderKey> Keys { get; init; }

    /// <summary>From a row to its array of values.</summary>
    public required NewArrayExpression Values { get; init; }

    /// <summary>Gives the number of all rows of all pages.</summary>
    public required Expression Total { get; init; }

    public static EntityQuery Build(ReadContext context, EntityModel entity, Expression source, ReadOptions options, int pageSize, int depth)
    {
        var scope = RowScope.Of(entity);
        var alwaysHasRow = false;
        if (options.Apply is { } apply)
        {
            (source, scope, alwaysHasRow) = new ApplyBinder(context).Apply(apply, options.CountedSteps, source, scope);
        }

        Compute(context, scope, options.Compute);
        source = Restrict(context, source, scope, options);
        var total = Lambdas.LongCount(source, scope.Row.Type);
        var builder = new ShapeBuilder(context);
        var shape = scope.Entity is null
            ? builder.Build(scope, options.Select)
            : builder.Build(scope.Entity, scope.Row, scope.Named, options.Select, depth);
        var keys = KeysOf(context, scope, options.OrderBy);
        var isCounted = scope.Entity is null;
        var skipped = isCounted && options.SkipToken is { } token ? SkipToken.DecodeSkipped(token) : options.Skip ?? 0;
        if (!isCounted && options.SkipToken is { } place)
        {
            source = Lambdas.Where(source, scope.Row, SkipToken.After(place, keys));
        }

        source = Sort(context, source, scope, keys);
        source = skipped > 0 ? Lambdas.Skip(source, scope.Row.Type, skipped) : source;
        var size = Math.Min(options.Top ?? int.MaxValue, pageSize);
        source = Lambdas.Take(source, scope.Row.Type, options.Top <= size ? size : size + 1);
        var values = RowOf(builder.Cells.Concat(isCounted ? [] : keys.Select(key => key.Value)));
        return new EntityQuery
        {
            Page = new Page(
                shape,
                size,
                options.Top - size,
                isCounted ? -1 : builder.Cells.Count,
                values.Expressions.Count,
                skipped,
                alwaysHasRow && skipped == 0 && options is { Filter: null }),
            Rows = Lambdas.Select(source, scope.Row, values),
            Scope = scope,
            Keys = keys,
            Values = values,
            Total = total,
        };
    }

    /// <summary>The same source, only what <c>$filter</c>, <c>$search</c> and <c>$apply</c> leave of it, counted.</summary>
    public static Expression BuildTotal(ReadContext context, EntityModel entity, Expression source, ReadOptions options) =>
        Build(context, entity, source, options with { SkipToken = null, Top = null, Skip = null, OrderBy = null, Select = null }, 1, 0).Total;

    public static void Compute(ReadContext context, RowScope scope, ComputeClause? clause)
    {
        foreach (var item in clause?.ComputedItems ?? [])
        {
            var value = new ExpressionBinder(context, scope, "$compute").BindValue(item.Expression);
            scope.Named.Add(new NamedCell(item.Alias, value, ShapeBuilder.KindOf(item.Expression, value, scope)));
        }
    }

    public static Expression Restrict(ReadContext context, Expression source, RowScope scope, ReadOptions options)
    {
        if (options.Filter is { } filter)
        {
            source = Lambdas.Where(source, scope.Row, new ExpressionBinder(context, scope, "$filter").BindPredicate(filter.Expression));
        }

        if (options.Search is { } search)
        {
            source = scope.Entity is { } entity
                ? Lambdas.Where(source, scope.Row, SearchBinder.Bind(search, entity, scope.Row, context))
                : throw ODataFault.NotImplemented("$search", "a grouped result can't be searched; put $search's words into $apply=filter(…).");
        }

        return source;
    }

    /// <summary>The order asked for, and then one that never leaves two rows at the same place.</summary>
    public static List<OrderKey> KeysOf(ReadContext context, RowScope scope, OrderByClause? clause)
    {
        var keys = new List<OrderKey>();
        for (; clause is not null; clause = clause.ThenBy)
        {
            var value = new ExpressionBinder(context, scope, "$orderby").BindValue(clause.Expression);
            if (Types.Bare(value.Type) == typeof(Guid))
            {
                throw ODataFault.NotImplemented("$orderby", "identifiers of type Edm.Guid have no order.");
            }

            keys.Add(new OrderKey(value.Type == typeof(bool) ? Comparisons.Number(value) : value, clause.Direction == OrderByDirection.Descending));
        }

        if (scope.Entity is { } entity)
        {
            keys.Add(new OrderKey(Lambdas.Inline(entity.Key.Value, scope.Row), false));
        }
        else
        {
            // Where what they are grouped by has an order, it tells all groups apart: to compare their sums besides costs a sorting of all.
            var grouped = scope.Named.FindAll(value => value.IsGroupedBy);
            keys.AddRange((grouped.Count > 0 && grouped.TrueForAll(HasOrder) ? grouped : scope.Named.FindAll(HasOrder)).Select(value => new OrderKey(value.Value, false)));
        }

        return keys;
    }

    public static Expression Sort(ReadContext context, Expression source, RowScope scope, List<OrderKey> keys)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            source = keys[i].Apply(source, scope.Row, i == 0, context);
        }

        return source;
    }

    private static bool HasOrder(NamedCell cell) => Types.Bare(cell.Value.Type) != typeof(bool) && Types.Bare(cell.Value.Type) != typeof(Guid);

    public static NewArrayExpression RowOf(IEnumerable<Expression> values) =>
        Expression.NewArrayInit(typeof(object), values.Select(value => Types.To(value, typeof(object))));
}
