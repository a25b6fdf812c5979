using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>
/// One query for what is expanded below several rows: of each the first so many, in their order, and whose they are. Each row's own are
/// found by their index and end at their limit; to number all rows of all of them and drop those behind the limit would read them all.
/// </summary>
internal static class SharedQuery
{
    /// <summary>Whether what is expanded names the one row that it is below, and nothing is asked that has to be answered for each.</summary>
    public static bool CanBe(ShapeCollection collection) =>
        collection.Options.Apply is null && Owner(collection.Navigation) is not null;

    /// <summary>The rows, and of what each is made: the values of what is expanded, and last whose it is.</summary>
    public static (Expression Rows, NewArrayExpression Values) Build(ReadContext context, EntityModel parent, ShapeCollection collection, List<long> keys, int most)
    {
        var navigation = collection.Navigation;
        var owner = Owner(navigation)!;
        var query = Bound(context, collection);
        Expression all;
        if (!navigation.IsCollection)
        {
            var target = Expression.Parameter(navigation.Target.RowType, "t");
            all = Lambdas.Where(context.Rows(navigation.Target), target, IsIn(keys, Lambdas.Inline(owner, target)));
        }
        else
        {
            var from = Expression.Parameter(parent.RowType, "p");
            var key = Lambdas.Inline(parent.Key.Value, from);
            var parents = Lambdas.Where(context.Rows(parent), from, IsIn(keys, key));
            all = context.HasLateral
                ? Lateral(context, parents, from, key, owner, collection, query, most)
                : ByKey(context, parents, from, collection, query, most);
        }

        var scope = query.Scope;
        var values = EntityQuery.RowOf(query.Values.Expressions.Append(Lambdas.Inline(owner, scope.Row)));
        return (Lambdas.Select(EntityQuery.Sort(context, all, scope, query.Keys), scope.Row, values), values);
    }

    /// <summary>Gives, for each row that has any below it, its key and how many.</summary>
    public static Expression BuildCounts(ReadContext context, ShapeCollection collection, List<long> keys)
    {
        var target = collection.Navigation.Target;
        var owner = Owner(collection.Navigation)!;
        var scope = Bound(context, collection).Scope;
        var rows = Lambdas.Where(context.Rows(target), scope.Row, IsIn(keys, Lambdas.Inline(owner, scope.Row)));
        var groups = Lambdas.GroupBy(EntityQuery.Restrict(context, rows, scope, collection.Options), scope.Row, Lambdas.Inline(owner, scope.Row));
        var group = Expression.Parameter(typeof(IGrouping<,>).MakeGenericType(owner.ReturnType, target.RowType), "g");
        Expression key = Expression.Property(group, nameof(IGrouping<int, int>.Key));
        Expression count = Expression.Call(typeof(Enumerable), nameof(Enumerable.LongCount), [target.RowType], group);
        return Lambdas.Select(groups, group, Expression.NewArrayInit(typeof(object), Types.To(key, typeof(object)), Types.To(count, typeof(object))));
    }

    /// <summary>The column of what is expanded that names whose it is; null where that takes more than one.</summary>
    private static LambdaExpression? Owner(EntityNavigation navigation)
    {
        var row = navigation.IsTarget.Parameters[1];
        return navigation.IsTarget.Body is BinaryExpression { NodeType: ExpressionType.Equal } equal && Bare(equal.Left) is MemberExpression member && member.Expression == row
            ? Expression.Lambda(Types.To(member, typeof(long?)), row)
            : null;
    }

    /// <summary>A lateral join, of which the store's translator makes a numbering of all rows where it finds nothing but an equality.</summary>
    private static MethodCallExpression Lateral(
        ReadContext context, Expression parents, ParameterExpression from, Expression key, LambdaExpression owner, ShapeCollection collection, EntityQuery query, int most)
    {
        var scope = query.Scope;
        var below = Below(context, from, collection, scope);
        var isKept = Expression.GreaterThanOrEqual(Types.To(key, owner.ReturnType), Lambdas.Inline(owner, scope.Row));
        below = First(context, Lambdas.Where(below, scope.Row, isKept), query, collection.Options.Skip, most);
        return Lambdas.SelectMany(parents, from, below, scope.Row.Type);
    }

    /// <summary>The same for a database without lateral joins: the rows whose keys the limited query gives.</summary>
    private static MethodCallExpression ByKey(ReadContext context, Expression parents, ParameterExpression from, ShapeCollection collection, EntityQuery query, int most)
    {
        var target = collection.Navigation.Target;
        var scope = query.Scope;
        var below = Below(context, from, collection, scope);
        below = First(context, below, query, collection.Options.Skip, most);
        var keys = Lambdas.Select(below, scope.Row, Lambdas.Inline(target.Key.Value, scope.Row));
        var row = Expression.Parameter(target.RowType, "t");
        var isOneOfThem = Lambdas.Contains(keys, Lambdas.Inline(target.Key.Value, row));
        return Lambdas.CrossJoin(parents, from, context.Rows(target), row, isOneOfThem);
    }

    /// <summary>Bound for this request: the shape may be that of another one.</summary>
    private static EntityQuery Bound(ReadContext context, ShapeCollection collection) =>
        EntityQuery.Build(context, collection.Navigation.Target, context.Rows(collection.Navigation.Target), collection.Options, context.Limits.PageSize, 0);

    private static Expression Below(ReadContext context, ParameterExpression from, ShapeCollection collection, RowScope scope)
    {
        var rows = Lambdas.Where(context.Rows(collection.Navigation.Target), scope.Row, Lambdas.Inline(collection.Navigation.IsTarget, from, scope.Row));
        return EntityQuery.Restrict(context, rows, scope, collection.Options);
    }

    private static MethodCallExpression First(ReadContext context, Expression rows, EntityQuery query, int? skip, int most)
    {
        var row = query.Scope.Row;
        rows = EntityQuery.Sort(context, rows, query.Scope, query.Keys);
        rows = skip is > 0 and var count ? Lambdas.Skip(rows, row.Type, count) : rows;
        return Lambdas.Take(rows, row.Type, most);
    }

    private static Expression Bare(Expression expression) => expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression;

    /// <summary>The keys are one parameter, so that the query is the same for any number of them.</summary>
    private static MethodCallExpression IsIn(List<long> keys, Expression value) => Expression.Call(
        typeof(Enumerable),
        nameof(Enumerable.Contains),
        [typeof(long)],
        Expression.Call(typeof(EF), nameof(EF.Parameter), [typeof(List<long>)], Varying.KeysAbove(keys)),
        Types.To(value, typeof(long)));
}
