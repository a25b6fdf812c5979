using System.Linq.Expressions;
using ContainerGroups.Host.Storage;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>date(Moment)</c> beside a date, as a range of moments: so an index on the moment is of use.</summary>
internal static class DateRange
{
    public static Expression? Bind(BinaryOperatorKind kind, Expression left, Expression right)
    {
        if (Moment(left) is { } moment && Literal.TryRead<DateTime>(right, out var day))
        {
            return Bind(kind, moment, day);
        }

        return Moment(right) is { } other && Literal.TryRead(left, out day) ? Bind(Mirrored(kind), other, day) : null;
    }

    private static Expression Bind(BinaryOperatorKind kind, Expression moment, DateTime day)
    {
        var from = Types.To(Literal.Of(day), moment.Type);
        // The last day that there is has no next one.
        var to = Types.To(Literal.Of(day.Date == DateTime.MaxValue.Date ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc) : day.AddDays(1)), moment.Type);
        return kind switch
        {
            BinaryOperatorKind.Equal => Within(moment, from, to),
            BinaryOperatorKind.NotEqual => Without(moment, from, to),
            BinaryOperatorKind.GreaterThan => Expression.GreaterThanOrEqual(moment, to),
            BinaryOperatorKind.GreaterThanOrEqual => Expression.GreaterThanOrEqual(moment, from),
            BinaryOperatorKind.LessThan => Expression.LessThan(moment, from),
            _ => Expression.LessThan(moment, to),
        };
    }

    private static Expression Within(Expression moment, Expression from, Expression to) =>
        Expression.AndAlso(Expression.GreaterThanOrEqual(moment, from), Expression.LessThan(moment, to));

    private static Expression Without(Expression moment, Expression from, Expression to)
    {
        var outside = Expression.OrElse(Expression.LessThan(moment, from), Expression.GreaterThanOrEqual(moment, to));
        return Types.IsNullable(moment) ? Expression.OrElse(Expression.Equal(moment, Expression.Constant(null, moment.Type)), outside) : outside;
    }

    /// <summary>The moment whose date an expression is, as <see cref="Functions"/> writes it; null for any other expression.</summary>
    private static Expression? Moment(Expression expression) => expression switch
    {
        ConditionalExpression { IfFalse: UnaryExpression { Operand: MethodCallExpression { Method.Name: nameof(SqlMoments.Day), Arguments: [MemberExpression value] } } }
            => value.Expression,
        MethodCallExpression { Method.Name: nameof(SqlMoments.Day) } call when call.Method.DeclaringType == typeof(SqlMoments) => call.Arguments[0],
        _ => null,
    };

    private static BinaryOperatorKind Mirrored(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        _ => kind,
    };
}
