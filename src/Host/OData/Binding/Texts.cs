using System.Linq.Expressions;
using System.Reflection;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>Functions of texts. Letters of either case differ, in both databases; positions count characters, not halves of them.</summary>
internal static class Texts
{
    private static readonly Expression Zero = Expression.Constant(0);

    private static readonly MethodInfo Concat = typeof(string).GetMethod(nameof(string.Concat), [typeof(string), typeof(string)])!;

    public static Expression Bind(string name, Expression[] arguments, ReadContext context) => (name, arguments) switch
    {
        ("length", [var x]) => Expression.Property(x, nameof(string.Length)),
        ("tolower", [var x]) => Call(x, nameof(string.ToLower)),
        ("toupper", [var x]) => Call(x, nameof(string.ToUpper)),
        ("trim", [var x]) => Call(x, nameof(string.Trim)),
        ("contains", [var x, var y]) => Call(x, nameof(string.Contains), Text(y, context)),
        ("indexof", [var x, var y]) => Call(x, nameof(string.IndexOf), Text(y, context)),
        ("concat", [var x, var y]) => Expression.Call(Concat, x, Text(y, context)),
        ("startswith", [var x, var y]) => Expression.Equal(Part(x, Zero, Length(Text(y, context))), y),
        ("endswith", [var x, var y]) => EndsWith(x, Text(y, context)),
        ("substring", [var x, var from]) => Call(x, nameof(string.Substring), Start(x, from, context)),
        ("substring", [var x, var from, var length]) => Part(x, Start(x, from, context), Length(length, context)),
        _ => throw context.NotImplemented($"the function {name} is not supported here."),
    };

    private static Expression EndsWith(Expression x, Expression y)
    {
        var (whole, part) = (Expression.Property(x, nameof(string.Length)), Length(y));
        return Expression.AndAlso(Expression.GreaterThanOrEqual(whole, part), Expression.Equal(Part(x, Expression.Subtract(whole, part), part), y));
    }

    private static Expression Length(Expression text) => Literal.TryRead<string>(text, out var literal)
        ? Literal.Of(literal.EnumerateRunes().Count())
        : Expression.Property(text, nameof(string.Length));

    private static Expression Part(Expression text, Expression from, Expression length) => Call(text, nameof(string.Substring), from, length);

    private static Expression Text(Expression x, ReadContext context) => x.Type == typeof(string)
        ? x
        : throw ODataFault.BadRequest("The function takes texts only.", context.Option);

    /// <summary>A place in a text, from its end when negative; the databases would do that each in its own way.</summary>
    private static Expression Start(Expression text, Expression from, ReadContext context)
    {
        var number = Whole(from, context);
        if (Literal.TryRead<int>(from, out var literal) && literal >= 0)
        {
            return number;
        }

        var fromEnd = Expression.Add(Expression.Property(text, nameof(string.Length)), number);
        return Expression.Condition(Expression.LessThan(number, Zero), NotNegative(fromEnd), number);
    }

    private static Expression Length(Expression x, ReadContext context)
    {
        if (Literal.TryRead<int>(x, out var literal))
        {
            return literal >= 0 ? x : throw ODataFault.BadRequest("The length of a text can't be negative.", context.Option);
        }

        return NotNegative(Whole(x, context));
    }

    private static ConditionalExpression NotNegative(Expression number) => Expression.Condition(Expression.LessThan(number, Zero), Zero, number);

    private static Expression Whole(Expression x, ReadContext context)
    {
        if (Types.Bare(x.Type) != typeof(int))
        {
            throw ODataFault.BadRequest("A position in a text is a whole number.", context.Option);
        }

        return Types.IsNullable(x) ? Expression.Coalesce(x, Zero) : x;
    }

    private static MethodCallExpression Call(Expression x, string method, params Expression[] arguments) =>
        Expression.Call(x, typeof(string).GetMethod(method, [.. arguments.Select(argument => argument.Type)])!, arguments);
}
