using System.Linq.Expressions;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.Storage;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>The canonical functions that both databases can evaluate.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, Func<Expression, Expression>> OfMoments = new()
    {
        ["year"] = x => Expression.Property(x, nameof(DateTime.Year)),
        ["month"] = x => Expression.Property(x, nameof(DateTime.Month)),
        ["day"] = x => Expression.Property(x, nameof(DateTime.Day)),
        ["hour"] = x => Expression.Property(x, nameof(DateTime.Hour)),
        ["minute"] = x => Expression.Property(x, nameof(DateTime.Minute)),
        ["second"] = x => Expression.Property(x, nameof(DateTime.Second)),
        ["date"] = x => Expression.Call(typeof(SqlMoments), nameof(SqlMoments.Day), null, x),
        ["time"] = Times.Of,
        ["fractionalseconds"] = Fraction,
        ["totaloffsetminutes"] = _ => Expression.Constant(0),
    };

    private static readonly Dictionary<string, Func<Expression, Expression>> OfNumbers = new()
    {
        ["floor"] = x => Expression.Call(typeof(Math), nameof(Math.Floor), null, x),
        ["ceiling"] = x => Expression.Call(typeof(Math), nameof(Math.Ceiling), null, x),
        ["round"] = Round,
    };

    public static Expression Bind(SingleValueFunctionCallNode node, ExpressionBinder binder)
    {
        var context = binder.Context;
        var name = node.Name.ToLowerInvariant();
        if (name == "cast")
        {
            return Casts.Bind(node, binder);
        }

        if (name == "totalseconds")
        {
            return Durations.TotalSeconds(node, binder);
        }

        if (name == NewerFunctions.Case)
        {
            return Cases.Bind(node, binder);
        }

        var arguments = node.Parameters.Select(binder.Bind).ToArray();
        if (arguments.Any(Literal.IsNull))
        {
            return Literal.Null;
        }

        if (arguments.Length == 1 && OfMoments.TryGetValue(name, out var ofMoment) && Types.Bare(arguments[0].Type) == typeof(DateTime))
        {
            return Types.Apply(arguments[0], ofMoment);
        }

        if (arguments.Length == 1 && node.Parameters.First() is SingleValueNode { TypeReference: { } type } && type.IsTimeOfDay())
        {
            return Times.Bind(name, arguments[0]) ?? throw context.NotImplemented($"the function {node.Name} is not supported here.");
        }

        if (arguments.Length == 1 && OfNumbers.TryGetValue(name, out var ofNumber) && Types.IsNumber(arguments[0].Type))
        {
            return Types.Apply(arguments[0], x => ofNumber(Types.To(x, typeof(double))));
        }

        return name switch
        {
            "matchespattern" => Patterns.Bind(arguments[0], arguments[1], context),
            "now" => Literal.Of(context.Now),
            "maxdatetime" => Literal.Of(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)),
            "mindatetime" => Literal.Of(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)),
            _ when arguments.Length > 0 && arguments[0].Type == typeof(string) => Texts.Bind(name, arguments, context),
            _ => throw context.NotImplemented($"the function {node.Name} is not supported here."),
        };
    }

    private static BinaryExpression Fraction(Expression moment)
    {
        var seconds = Expression.Call(typeof(SqlMoments), nameof(SqlMoments.UnixSeconds), null, moment);
        return Expression.Subtract(seconds, Expression.Call(typeof(Math), nameof(Math.Floor), null, seconds));
    }

    /// <summary>Half goes away from zero; the databases' own functions differ in that.</summary>
    private static Expression Round(Expression x)
    {
        var half = Expression.Constant(0.5);
        return Expression.Condition(
            Expression.LessThan(x, Expression.Constant(0.0)),
            Expression.Call(typeof(Math), nameof(Math.Ceiling), null, Expression.Subtract(x, half)),
            Expression.Call(typeof(Math), nameof(Math.Floor), null, Expression.Add(x, half)));
    }
}
