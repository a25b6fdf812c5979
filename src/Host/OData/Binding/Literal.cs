using System.Globalization;
using System.Linq.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>
/// Values that a client wrote. They stand in a box, so that the database gets them as parameters: a query with other values is the same
/// query, and nothing that a client writes becomes SQL.
/// </summary>
internal static class Literal
{
    /// <summary><c>null</c>, of no type yet.</summary>
    public static readonly ConstantExpression Null = Expression.Constant(null, typeof(object));

    public static Expression Of<T>(T value) => Expression.Property(Expression.Constant(new Box<T>(value)), nameof(Box<T>.Value));

    public static Expression Of(object value, Type type)
    {
        var box = typeof(Box<>).MakeGenericType(type);
        return Expression.Property(Expression.Constant(Activator.CreateInstance(box, value), box), nameof(Box<object>.Value));
    }

    public static Expression Of(ConstantNode node) => Value(node) is { } value ? Of(value, value.GetType()) : Null;

    /// <summary>The value of a constant, as the store knows such values.</summary>
    public static object? Value(ConstantNode node) => node.Value switch
    {
        null => null,
        // Read as a single, a fraction would lose digits that the column has.
        float single => float.IsFinite(single) ? double.Parse(Digits(node.LiteralText), CultureInfo.InvariantCulture) : (double)single,
        decimal number => (double)number,
        short or byte or sbyte => Convert.ToInt32(node.Value, CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.UtcDateTime,
        _ when node.TypeReference.IsTimeOfDay() => Time(node.Value),
        _ when node.TypeReference.IsDate() => Day(node.Value),
        int or long or double or string or bool or Guid or TimeSpan => node.Value,
        _ => throw ODataFault.BadRequest($"The value {node.LiteralText} is of a type that no property of this service has."),
    };

    public static bool IsNull(Expression expression) => ReferenceEquals(expression, Null);

    /// <summary>The value of an expression that is a literal.</summary>
    public static bool TryRead<T>(Expression expression, out T value)
    {
        if (expression is MemberExpression { Expression: ConstantExpression { Value: Box<T> box } })
        {
            value = box.Value;
            return true;
        }

        value = default!;
        return false;
    }

    private static DateTime Day(object date) =>
        DateOnly.ParseExact(date.ToString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>Microseconds since midnight; with a fraction, which no stored time has, when it is finer.</summary>
    private static object Time(object time)
    {
        var ticks = TimeOnly.Parse(time.ToString()!, CultureInfo.InvariantCulture).Ticks;
        return ticks % TimeSpan.TicksPerMicrosecond == 0 ? (object)(ticks / TimeSpan.TicksPerMicrosecond) : (double)ticks / TimeSpan.TicksPerMicrosecond;
    }

    private static string Digits(string literal) => literal.TrimEnd('f', 'F', 'd', 'D', 'm', 'M');
}

/// <summary>What holds a value, so that it is a parameter of the query.</summary>
internal sealed class Box<T>(T value)
{
    public T Value => value;
}
