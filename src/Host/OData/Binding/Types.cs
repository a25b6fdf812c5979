using System.Linq.Expressions;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>Brings values to one type, and keeps null apart from values that can't be it.</summary>
internal static class Types
{
    private static readonly Type[] Numbers = [typeof(int), typeof(long), typeof(double)];

    public static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    public static Type Lifted(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;

    public static bool IsNullable(Expression expression) => Nullable.GetUnderlyingType(expression.Type) is not null;

    public static bool IsNumber(Type type) => Numbers.Contains(Bare(type));

    public static Expression To(Expression expression, Type type) => expression.Type == type ? expression : Expression.Convert(expression, type);

    public static Expression Lift(Expression expression) => To(expression, Lifted(expression.Type));

    /// <summary>Applies what knows no null; null stays null.</summary>
    public static Expression Apply(Expression expression, Func<Expression, Expression> function)
    {
        if (!IsNullable(expression))
        {
            return function(expression);
        }

        var result = Lift(function(Expression.Property(expression, "Value")));
        return Expression.Condition(
            Expression.Equal(expression, Expression.Constant(null, expression.Type)), Expression.Constant(null, result.Type), result);
    }

    /// <summary>Gives both sides one type; the wider one of two numbers, with null when either has it.</summary>
    public static (Expression Left, Expression Right) Unify(Expression left, Expression right)
    {
        if (Literal.IsNull(left) && Literal.IsNull(right))
        {
            return (left, right);
        }

        if (Literal.IsNull(left))
        {
            right = Lift(right);
            return (Expression.Constant(null, right.Type), right);
        }

        if (Literal.IsNull(right))
        {
            left = Lift(left);
            return (left, Expression.Constant(null, left.Type));
        }

        var type = Common(Bare(left.Type), Bare(right.Type));
        type = IsNullable(left) || IsNullable(right) ? Lifted(type) : type;
        return (To(left, type), To(right, type));
    }

    private static Type Common(Type left, Type right)
    {
        if (left == right)
        {
            return left;
        }

        return IsNumber(left) && IsNumber(right)
            ? Numbers[Math.Max(Array.IndexOf(Numbers, left), Array.IndexOf(Numbers, right))]
            : throw ODataFault.BadRequest($"A value of type {left.Name} can't be put beside one of type {right.Name}.");
    }
}
