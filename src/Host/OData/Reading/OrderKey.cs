using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>One thing that rows are sorted by. Null comes before every value, as OData wants it.</summary>
internal sealed record OrderKey(Expression Value, bool Descending)
{
    private bool MayBeNull => Types.IsNullable(Value) || Value.Type == typeof(string);

    public Expression Apply(Expression source, ParameterExpression row, bool isFirst, ReadContext context)
    {
        if (context.SortsNullLast && MayBeNull && Value is not MemberExpression { Expression: ParameterExpression, Type.IsValueType: false })
        {
            source = Lambdas.OrderBy(source, row, Expression.NotEqual(Value, Null), Descending, isFirst);
            isFirst = false;
        }

        return Lambdas.OrderBy(source, row, Value, Descending, isFirst);
    }

    /// <summary>Whether a row comes strictly after one with this value.</summary>
    public Expression IsAfter(Expression? value)
    {
        if (value is null)
        {
            return Descending ? Expression.Constant(false) : Expression.NotEqual(Value, Null);
        }

        var (left, right) = Types.Unify(Value, value);
        var order = Comparisons.Order(Descending ? ExpressionType.LessThan : ExpressionType.GreaterThan, left, right);
        return Descending && MayBeNull ? Expression.OrElse(order, Expression.Equal(Value, Null)) : order;
    }

    /// <summary>Whether a row is at the same place.</summary>
    public Expression IsAt(Expression? value)
    {
        if (value is null)
        {
            return Expression.Equal(Value, Null);
        }

        var (left, right) = Types.Unify(Value, value);
        return Expression.Equal(left, right);
    }

    private ConstantExpression Null => Expression.Constant(null, Types.Lifted(Value.Type));
}
