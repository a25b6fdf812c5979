using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>Puts query expressions together.</summary>
internal static class Lambdas
{
    private static readonly ConcurrentDictionary<(string Name, Type First, Type? Second, Type? Third, int Arguments), MethodInfo> Methods = [];

    /// <summary>The body of a lambda with other expressions in place of its parameters.</summary>
    public static Expression Inline(LambdaExpression lambda, params IReadOnlyList<Expression> arguments) => Substitution.Inline(lambda, arguments);

    public static MethodCallExpression Where(Expression source, ParameterExpression row, Expression condition) =>
        Call(nameof(Queryable.Where), [row.Type], source, Expression.Lambda(condition, row));

    public static MethodCallExpression Select(Expression source, ParameterExpression row, Expression result) =>
        Call(nameof(Queryable.Select), [row.Type, result.Type], source, Expression.Lambda(result, row));

    public static MethodCallExpression OrderBy(Expression source, ParameterExpression row, Expression key, bool descending, bool isFirst)
    {
        var method = (isFirst ? nameof(Queryable.OrderBy) : nameof(Queryable.ThenBy)) + (descending ? "Descending" : "");
        return Call(method, [row.Type, key.Type], source, Expression.Lambda(key, row));
    }

    public static MethodCallExpression Any(Expression source, Type type) => Call(nameof(Queryable.Any), [type], source);

    public static MethodCallExpression LongCount(Expression source, Type type) => Call(nameof(Queryable.LongCount), [type], source);

    public static MethodCallExpression FirstOrDefault(Expression source, Type type) => Call(nameof(Queryable.FirstOrDefault), [type], source);

    public static MethodCallExpression Skip(Expression source, Type type, int count) => Call(nameof(Queryable.Skip), [type], source, Literal.Of(count));

    public static MethodCallExpression Take(Expression source, Type type, int count) => Call(nameof(Queryable.Take), [type], source, Literal.Of(count));

    public static MethodCallExpression SelectMany(Expression source, ParameterExpression row, Expression inner, Type type)
    {
        var selector = Expression.Lambda(typeof(Func<,>).MakeGenericType(row.Type, typeof(IEnumerable<>).MakeGenericType(type)), inner, row);
        return Call(nameof(Queryable.SelectMany), [row.Type, type], source, selector);
    }

    /// <summary>The rows of the second source for each of the first's, where the condition on both holds.</summary>
    public static MethodCallExpression CrossJoin(
        Expression source, ParameterExpression row, Expression other, ParameterExpression otherRow, Expression condition)
    {
        var pairType = typeof(Pair<,>).MakeGenericType(row.Type, otherRow.Type);
        var (first, second) = (pairType.GetProperty(nameof(Pair<int, int>.First))!, pairType.GetProperty(nameof(Pair<int, int>.Second))!);
        var made = Expression.MemberInit(Expression.New(pairType), Expression.Bind(first, row), Expression.Bind(second, otherRow));
        var all = Expression.Lambda(typeof(Func<,>).MakeGenericType(row.Type, typeof(IEnumerable<>).MakeGenericType(otherRow.Type)), other, row);
        var pairs = Call(nameof(Queryable.SelectMany), [row.Type, otherRow.Type, pairType], source, all, Expression.Lambda(made, row, otherRow));
        var pair = Expression.Parameter(pairType, "pair");
        var isWanted = new Substitution([row, otherRow], [Expression.Property(pair, first), Expression.Property(pair, second)]).Visit(condition);
        return Select(Where(pairs, pair, isWanted), pair, Expression.Property(pair, second));
    }

    public static MethodCallExpression Contains(Expression source, Expression value) => Call(nameof(Queryable.Contains), [value.Type], source, value);

    public static MethodCallExpression GroupBy(Expression source, ParameterExpression row, Expression key) =>
        Call(nameof(Queryable.GroupBy), [row.Type, key.Type], source, Expression.Lambda(key, row));

    private static MethodCallExpression Call(string name, Type[] types, Expression source, params Expression[] arguments)
    {
        Expression[] all = [source, .. arguments.Select(x => x is LambdaExpression ? Expression.Quote(x) : x)];
        // To find a method by its name costs more than the rest of putting a query together.
        var key = (name, types[0], types.ElementAtOrDefault(1), types.ElementAtOrDefault(2), all.Length);
        if (!Methods.TryGetValue(key, out var method))
        {
            Methods[key] = method = Expression.Call(typeof(Queryable), name, types, all).Method;
        }

        return Expression.Call(method, all);
    }

    private sealed class Pair<TFirst, TSecond>
    {
        public TFirst First { get; set; } = default!;

        public TSecond Second { get; set; } = default!;
    }
}
