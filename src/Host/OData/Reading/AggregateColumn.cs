using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser.Aggregation;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>One <c>X with method as Alias</c>, or <c>$count as Alias</c>.</summary>
internal sealed record AggregateColumn(string Alias, AggregationMethod Method, Expression? Input, EdmPrimitiveTypeKind? Kind)
{
    public bool CountsRows => Method is AggregationMethod.VirtualPropertyCount or AggregationMethod.CountDistinct;

    public static AggregateColumn Bind(AggregateExpressionBase expression, RowScope scope, ReadContext context)
    {
        if (expression is not AggregateExpression aggregate || aggregate.Method == AggregationMethod.Custom)
        {
            throw ODataFault.NotImplemented("$apply", $"{expression.Alias}: only sum, min, max, average, countdistinct and $count can be aggregated.");
        }

        if (aggregate.Method == AggregationMethod.VirtualPropertyCount)
        {
            return new AggregateColumn(aggregate.Alias, aggregate.Method, null, null);
        }

        var value = new ExpressionBinder(context, scope, "$apply").BindValue(aggregate.Expression);
        var isTotal = aggregate.Method is AggregationMethod.Sum or AggregationMethod.Average;
        if (isTotal && !Types.IsNumber(value.Type))
        {
            throw ODataFault.BadRequest($"{aggregate.Alias}: only numbers have a sum or an average.", "$apply");
        }

        if (aggregate.Method is AggregationMethod.Min or AggregationMethod.Max && (Types.Bare(value.Type) == typeof(bool) || Types.Bare(value.Type) == typeof(Guid)))
        {
            throw ODataFault.NotImplemented("$apply", $"{aggregate.Alias}: booleans and identifiers have no least or greatest.");
        }

        EdmPrimitiveTypeKind? kind = aggregate.Method is AggregationMethod.Min or AggregationMethod.Max
            ? ShapeBuilder.KindOf(aggregate.Expression, value, scope)
            : null;
        return new AggregateColumn(aggregate.Alias, aggregate.Method, value, kind);
    }

    /// <summary>The value over a group; null where there is nothing to aggregate.</summary>
    public Expression Over(ParameterExpression group, ParameterExpression row, Expression? cell)
    {
        if (cell is null)
        {
            return Call(nameof(Enumerable.LongCount), [row.Type], group);
        }

        return Method switch
        {
            AggregationMethod.CountDistinct => CountDistinct(group, row, cell),
            AggregationMethod.Min => Extreme(nameof(Enumerable.Min), group, row, cell),
            AggregationMethod.Max => Extreme(nameof(Enumerable.Max), group, row, cell),
            AggregationMethod.Average => Call(nameof(Enumerable.Average), [row.Type], group, Of(row, Types.To(Types.Lift(cell), typeof(double?)))),
            _ => Sum(group, row, cell),
        };
    }

    private static Expression Extreme(string method, ParameterExpression group, ParameterExpression row, Expression cell)
    {
        var value = Types.Lift(cell);
        return Call(method, [row.Type, value.Type], group, Of(row, value));
    }

    /// <summary>Distinct values; null is none.</summary>
    private static MethodCallExpression CountDistinct(ParameterExpression group, ParameterExpression row, Expression cell)
    {
        Expression source = group;
        if (Types.IsNullable(cell) || cell.Type == typeof(string))
        {
            source = Call(nameof(Enumerable.Where), [row.Type], source, Of(row, Expression.NotEqual(cell, Expression.Constant(null, cell.Type))));
        }

        var values = Call(nameof(Enumerable.Distinct), [cell.Type], Call(nameof(Enumerable.Select), [row.Type, cell.Type], source, Of(row, cell)));
        return Call(nameof(Enumerable.LongCount), [cell.Type], values);
    }

    private static Expression Sum(ParameterExpression group, ParameterExpression row, Expression cell)
    {
        var type = Types.Bare(cell.Type) == typeof(double) ? typeof(double?) : typeof(long?);
        var sum = Call(nameof(Enumerable.Sum), [row.Type], group, Of(row, Types.To(cell, type)));
        if (!Types.IsNullable(cell))
        {
            return sum;
        }

        var most = Extreme(nameof(Enumerable.Max), group, row, cell);
        return Expression.Condition(Expression.Equal(most, Expression.Constant(null, most.Type)), Expression.Constant(null, type), sum);
    }

    private static LambdaExpression Of(ParameterExpression row, Expression value) => Expression.Lambda(value, row);

    private static MethodCallExpression Call(string method, Type[] types, params Expression[] arguments) =>
        Expression.Call(typeof(Enumerable), method, types, arguments);
}
