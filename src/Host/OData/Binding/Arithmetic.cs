using System.Linq.Expressions;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>add sub mul div mod</c> and the sign, of numbers and of moments with durations.</summary>
internal static class Arithmetic
{
    public static Expression Bind(BinaryOperatorKind kind, Expression left, Expression right, ReadContext context)
    {
        if (Literal.IsNull(left) || Literal.IsNull(right))
        {
            return Literal.Null;
        }

        if (Types.Bare(left.Type) == typeof(DateTime) || Types.Bare(right.Type) == typeof(TimeSpan))
        {
            return Moment(kind, left, right, context);
        }

        if (!Types.IsNumber(left.Type) || !Types.IsNumber(right.Type))
        {
            throw ODataFault.BadRequest($"There is no arithmetic of {Types.Bare(left.Type).Name} and {Types.Bare(right.Type).Name}.", context.Option);
        }

        (left, right) = Types.Unify(left, right);
        return kind switch
        {
            BinaryOperatorKind.Add => Expression.Add(left, right),
            BinaryOperatorKind.Subtract => Expression.Subtract(left, right),
            BinaryOperatorKind.Multiply => Expression.Multiply(left, right),
            BinaryOperatorKind.Divide => Divide(ExpressionType.Divide, left, right),
            BinaryOperatorKind.Modulo when Types.Bare(left.Type) != typeof(double) => Divide(ExpressionType.Modulo, left, right),
            _ => throw context.NotImplemented($"{kind} of fractions can't be left to the database."),
        };
    }

    public static Expression Negate(Expression operand, ReadContext context) => operand switch
    {
        _ when Literal.IsNull(operand) => operand,
        _ when Types.IsNumber(operand.Type) => Expression.Negate(operand),
        _ => throw ODataFault.BadRequest("Only a number has a sign.", context.Option),
    };

    /// <summary>What is divided by zero is null: databases don't agree on it, and one of them would refuse the whole query.</summary>
    private static Expression Divide(ExpressionType type, Expression left, Expression right)
    {
        var zero = Types.To(Expression.Default(Types.Bare(right.Type)), right.Type);
        if (Literal.TryRead<int>(right, out var number) && number != 0)
        {
            return Expression.MakeBinary(type, left, right);
        }

        var result = Types.Lift(Expression.MakeBinary(type, left, right));
        return Expression.Condition(Expression.Equal(right, zero), Expression.Constant(null, result.Type), result);
    }

    private static Expression Moment(BinaryOperatorKind kind, Expression left, Expression right, ReadContext context)
    {
        if (kind is not (BinaryOperatorKind.Add or BinaryOperatorKind.Subtract) || !Literal.TryRead<TimeSpan>(right, out var duration))
        {
            throw context.NotImplemented("of moments, only a literal duration can be added or subtracted; for the time between two, use totalseconds(B sub A).");
        }

        duration = kind == BinaryOperatorKind.Add ? duration : -duration;
        if (Literal.TryRead<DateTime>(left, out var moment))
        {
            return Literal.Of(Shift(moment, duration, context));
        }

        if (Types.Bare(left.Type) != typeof(DateTime))
        {
            throw ODataFault.BadRequest("A duration can be added to a moment only.", context.Option);
        }

        var seconds = Literal.Of(duration.TotalSeconds);
        return Types.Apply(left, x => Expression.Call(x, nameof(DateTime.AddSeconds), null, seconds));
    }

    private static DateTime Shift(DateTime moment, TimeSpan duration, ReadContext context)
    {
        try
        {
            return moment + duration;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ODataFault.BadRequest("The moment lies outside the years 1 to 9999.", context.Option);
        }
    }
}
