using System.Linq.Expressions;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>eq ne gt ge lt le</c>, with OData's rules for null.</summary>
internal static class Comparisons
{
    private static readonly Expression Zero = Expression.Constant(0);

    public static Expression Bind(BinaryOperatorKind kind, Expression left, Expression right)
    {
        if (Literal.IsNull(left) && Literal.IsNull(right))
        {
            return Expression.Constant(kind is BinaryOperatorKind.Equal or BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.LessThanOrEqual);
        }

        if (Literal.IsNull(left) || Literal.IsNull(right))
        {
            // Null is equal to itself, and neither more nor less than anything.
            (left, right) = Types.Unify(left, right);
            return kind switch
            {
                BinaryOperatorKind.NotEqual => Expression.NotEqual(left, right),
                BinaryOperatorKind.GreaterThan or BinaryOperatorKind.LessThan => Expression.Constant(false),
                _ => Expression.Equal(left, right),
            };
        }

        if (DateRange.Bind(kind, left, right) is { } range)
        {
            return range;
        }

        (left, right) = Types.Unify(left, right);
        return kind switch
        {
            BinaryOperatorKind.Equal => Expression.Equal(left, right),
            BinaryOperatorKind.NotEqual => Expression.NotEqual(left, right),
            BinaryOperatorKind.GreaterThan => Order(ExpressionType.GreaterThan, left, right),
            BinaryOperatorKind.LessThan => Order(ExpressionType.LessThan, left, right),
            BinaryOperatorKind.GreaterThanOrEqual => Order(ExpressionType.GreaterThanOrEqual, left, right),
            _ => Order(ExpressionType.LessThanOrEqual, left, right),
        };
    }

    /// <summary>Whether one value comes before or after another, in the order of the store.</summary>
    public static Expression Order(ExpressionType type, Expression left, Expression right)
    {
        var bare = Types.Bare(left.Type);
        if (bare == typeof(string))
        {
            var compare = Expression.Call(typeof(string), nameof(string.Compare), null, left, right);
            return Expression.MakeBinary(type, compare, Zero);
        }

        if (bare == typeof(bool))
        {
            return Expression.MakeBinary(type, Number(left), Number(right));
        }

        if (bare == typeof(Guid))
        {
            throw ODataFault.BadRequest("Identifiers of type Edm.Guid have no order.");
        }

        return Expression.MakeBinary(type, left, right);
    }

    /// <summary>False as 0, true as 1: booleans have an order in OData.</summary>
    public static Expression Number(Expression boolean) => Types.Apply(boolean, x => Expression.Condition(x, Expression.Constant(1), Zero));

    /// <summary>Null is equal to itself, so it is not less either: what to add to <c>ge</c> and <c>le</c>; null when it can't be.</summary>
    public static Expression? BothNull(BinaryOperatorKind kind, Expression left, Expression right) =>
        kind is BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.LessThanOrEqual && MayBeNull(left) && MayBeNull(right)
            ? Expression.AndAlso(IsNull(left), IsNull(right))
            : null;

    private static bool MayBeNull(Expression expression) => Types.IsNullable(expression) && !IsLiteral(expression);

    private static BinaryExpression IsNull(Expression expression) => Expression.Equal(expression, Expression.Constant(null, expression.Type));

    private static bool IsLiteral(Expression expression) => expression switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => IsLiteral(convert.Operand),
        MemberExpression { Expression: ConstantExpression } => true,
        _ => false,
    };
}
