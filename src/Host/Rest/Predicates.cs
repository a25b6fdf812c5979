using System.Linq.Expressions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>Makes conditions for SQL. Every literal becomes a parameter, never text of the statement.</summary>
internal static class Predicates
{
    public static Expression<Func<T, bool>> Equal<T, TValue>(Expression<Func<T, TValue>> column, TValue value) =>
        Expression.Lambda<Func<T, bool>>(Expression.Equal(column.Body, Parameter(value, typeof(TValue))), column.Parameters);

    public static Expression<Func<T, bool>> In<T, TValue>(Expression<Func<T, TValue>> column, IReadOnlyCollection<TValue> values) =>
        Expression.Lambda<Func<T, bool>>(Contains(column.Body, values.ToList()), column.Parameters);

    /// <summary>Whether the expression's value is among the values.</summary>
    public static Expression Contains<TValue>(Expression item, List<TValue> values) =>
        Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(TValue)], Parameter(values, typeof(List<TValue>)), item);

    /// <summary>The body of a one-parameter lambda, over another expression.</summary>
    public static Expression Apply(LambdaExpression lambda, Expression argument) => Substitution.Inline(lambda, argument);

    /// <summary>A value that reaches the database as a parameter: EF takes members of captured objects for such.</summary>
    public static Expression Parameter(object? value, Type type) =>
        Expression.Field(Expression.Constant(Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value)), nameof(Box<>.Value));

    private sealed class Box<T>(T value)
    {
        public readonly T Value = value;
    }
}
