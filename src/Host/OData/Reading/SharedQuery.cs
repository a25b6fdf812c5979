using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>One query for what is expanded below several rows: of each the first so many, in their order, and whose they are.</summary>
internal static class SharedQuery
{
    /// <summary>Whether a collection's rows name the one row that they are below, and nothing is asked that has to be answered for each.</summary>
    public static bool CanBe(ShapeCollection collection) =>
        collection is { Navigation.IsCollection: true, Form: not CollectionForm.Count, Options: { Count: false, Skip: null, Apply: null } }
        && Owner(collection.Navigation) is not null;

    public static Expression Build(ReadContext context, EntityModel parent, ShapeCollection collection, List<long> keys, int most)
    {
        var navigation = collection.Navigation;
        var options = collection.Options;
        var owner = Owner(navigation)!;
        var scope = RowScope.Of(navigation.Target);
        EntityQuery.Compute(context, scope, options.Compute);
        var from = Expression.Parameter(parent.RowType, "p");
        // Said twice, so that only the rows of these owners are numbered.
        var isOneOfThem = IsIn(keys, Lambdas.Inline(owner, scope.Row));
        var rows = Lambdas.Where(context.Rows(navigation.Target), scope.Row, Expression.AndAlso(isOneOfThem, Lambdas.Inline(navigation.IsTarget, from, scope.Row)));
        var below = EntityQuery.Sort(
            context, EntityQuery.Restrict(context, rows, scope, options), scope, EntityQuery.Keys(context, scope, options.OrderBy));
        below = Lambdas.Take(below, navigation.Target.RowType, most);
        var isParent = IsIn(keys, Lambdas.Inline(parent.Key.Value, from));
        var all = Lambdas.SelectMany(Lambdas.Where(context.Rows(parent), from, isParent), from, below, navigation.Target.RowType);
        return EntityQuery.Build(context, navigation.Target, all, options with { Filter = null, Search = null, Top = null }, int.MaxValue - 1, 0, owner).Rows;
    }

    /// <summary>The column of a collection's rows that names whose they are; null where it takes more than one.</summary>
    private static LambdaExpression? Owner(EntityNavigation navigation)
    {
        var row = navigation.IsTarget.Parameters[1];
        return navigation.IsTarget.Body is BinaryExpression { NodeType: ExpressionType.Equal } equal && Bare(equal.Left) is MemberExpression member && member.Expression == row
            ? Expression.Lambda(Types.To(member, typeof(long?)), row)
            : null;
    }

    private static Expression Bare(Expression expression) => expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression;

    private static MethodCallExpression IsIn(List<long> keys, Expression value) =>
        Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(long)], Literal.Of(keys, typeof(List<long>)), Types.To(value, typeof(long)));
}
