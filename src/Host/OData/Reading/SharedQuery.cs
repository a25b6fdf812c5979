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

    public static Expression Build(ReadContext context, EntityModel parent, ShapeCollection collection, List<long> keys, int most)
    {
        var navigation = collection.Navigation;
        var owner = Owner(navigation)!;
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
                ? Lateral(context, parents, from, key, owner, collection, most)
                : ByKey(context, parents, from, collection, most);
        }

        var (scope, query) = (collection.Query.Scope, collection.Query);
        var values = query.Values.Expressions.Append(Lambdas.Inline(owner, scope.Row));
        return Lambdas.Select(EntityQuery.Sort(context, all, scope, query.Keys), scope.Row, EntityQuery.RowOf(values));
    }

    /// <summary>Gives, for each row that has any below it, its key and how many.</summary>
    public static Expression BuildCounts(ReadContext context, ShapeCollection collection, List<long> keys)
    {
        var target = collection.Navigation.Target;
        var owner = Owner(collection.Navigation)!;
        var scope = collection.Query.Scope;
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
        ReadContext context, Expression parents, ParameterExpression from, Expression key, LambdaExpression owner, ShapeCollection collection, int most)
    {
        var (below, scope) = Below(context, from, collection);
        var isKept = Expression.GreaterThanOrEqual(Types.To(key, owner.ReturnType), Lambdas.Inline(owner, scope.Row));
        below = First(context, Lambdas.Where(below, scope.Row, isKept), scope, collection, most);
        return Lambdas.SelectMany(parents, from, below, scope.Row.Type);
    }

    /// <summary>The same for a database without lateral joins: the rows whose keys the limited query gives.</summary>
    private static MethodCallExpression ByKey(ReadContext context, Expression parents, ParameterExpression from, ShapeCollection collection, int most)
    {
        var target = collection.Navigation.Target;
        var (below, scope) = Below(context, from, collection);
        below = First(context, below, scope, collection, most);
        var keys = Lambdas.Select(below, scope.Row, Lambdas.Inline(target.Key.Value, scope.Row));
        var row = Expression.Parameter(target.RowType, "t");
        var isOneOfThem = Lambdas.Contains(keys, Lambdas.Inline(target.Key.Value, row));
        return Lambdas.CrossJoin(parents, from, context.Rows(target), row, isOneOfThem);
    }

    private static (Expression Rows, RowScope Scope) Below(ReadContext context, ParameterExpression from, ShapeCollection collection)
    {
        var scope = collection.Query.Scope;
        var rows = Lambdas.Where(context.Rows(collection.Navigation.Target), scope.Row, Lambdas.Inline(collection.Navigation.IsTarget, from, scope.Row));
        return (EntityQuery.Restrict(context, rows, scope, collection.Options), scope);
    }

    private static MethodCallExpression First(ReadContext context, Expression rows, RowScope scope, ShapeCollection collection, int most)
    {
        rows = EntityQuery.Sort(context, rows, scope, collection.Query.Keys);
        rows = collection.Options.Skip is > 0 and var skip ? Lambdas.Skip(rows, scope.Row.Type, skip) : rows;
        return Lambdas.Take(rows, scope.Row.Type, most);
    }

    private static Expression Bare(Expression expression) => expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression;

    /// <summary>The keys are one parameter, so that the query is the same for any number of them.</summary>
    private static MethodCallExpression IsIn(List<long> keys, Expression value) => Expression.Call(
        typeof(Enumerable),
        nameof(Enumerable.Contains),
        [typeof(long)],
        Expression.Call(typeof(EF), nameof(EF.Parameter), [typeof(List<long>)], Literal.Of(keys, typeof(List<long>))),
        Types.To(value, typeof(long)));
}
