using System.Linq.Expressions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>Times of the day, as microseconds since midnight: both databases count in these without losing any.</summary>
internal static class Times
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    private static readonly Dictionary<string, Func<Expression, Expression>> Parts = new()
    {
        ["hour"] = x => Expression.Convert(Expression.Divide(x, Expression.Constant(Hour)), typeof(int)),
        ["minute"] = x => Part(x, Minute),
        ["second"] = x => Part(x, Second),
        ["fractionalseconds"] = x => Expression.Divide(
            Types.To(Expression.Modulo(x, Expression.Constant(Second)), typeof(double)), Expression.Constant((double)Second)),
    };

    /// <summary>The time of a moment, in UTC.</summary>
    public static Expression Of(Expression moment)
    {
        var seconds = Expression.Call(typeof(SqlMoments), nameof(SqlMoments.SecondOfMinute), null, moment);
        var below = Expression.Call(typeof(Math), nameof(Math.Round), null, Expression.Multiply(seconds, Expression.Constant((double)Second)));
        return Expression.Add(
            Expression.Add(Whole(moment, nameof(DateTime.Hour), Hour), Whole(moment, nameof(DateTime.Minute), Minute)), Types.To(below, typeof(long)));
    }

    /// <summary>A part of a time; null when the function is none.</summary>
    public static Expression? Bind(string function, Expression time) => Parts.TryGetValue(function, out var part) ? Types.Apply(time, part) : null;

    public static string Text(long microseconds)
    {
        var time = TimeSpan.FromMicroseconds(microseconds);
        return time.ToString(microseconds % Second == 0 ? "hh\\:mm\\:ss" : "hh\\:mm\\:ss\\.ffffff", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static BinaryExpression Whole(Expression moment, string part, long unit) =>
        Expression.Multiply(Types.To(Expression.Property(moment, part), typeof(long)), Expression.Constant(unit));

    private static UnaryExpression Part(Expression time, long unit) => Expression.Convert(
        Expression.Modulo(Expression.Divide(time, Expression.Constant(unit)), Expression.Constant(60L)), typeof(int));
}
