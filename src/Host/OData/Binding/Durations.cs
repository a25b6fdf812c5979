using System.Linq.Expressions;
using System.Xml;
using ContainerGroups.Host.Storage;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>totalseconds(B sub A)</c>: the time between two moments; and of a literal duration.</summary>
internal static class Durations
{
    public static Expression TotalSeconds(SingleValueFunctionCallNode node, ExpressionBinder binder)
    {
        var parameter = Bare(node.Parameters.Single());
        if (parameter is BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Subtract } between)
        {
            var (to, from) = (binder.Bind(between.Left), binder.Bind(between.Right));
            if (Types.Bare(to.Type) == typeof(DateTime) && Types.Bare(from.Type) == typeof(DateTime))
            {
                var (left, right) = Types.Unify(Types.Apply(to, Seconds), Types.Apply(from, Seconds));
                return Expression.Subtract(left, right);
            }
        }

        if (parameter is ConstantNode { Value: string text } && TimeSpanOf(text) is { } written)
        {
            return Literal.Of(written.TotalSeconds);
        }

        return binder.Bind(parameter) is var duration && Literal.TryRead<TimeSpan>(duration, out var literal)
            ? Literal.Of(literal.TotalSeconds)
            : throw binder.Context.NotImplemented("totalseconds takes the difference of two moments, or a literal duration.");
    }

    /// <summary>A duration as OData writes it; null when it is none.</summary>
    public static TimeSpan? TimeSpanOf(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static QueryNode Bare(QueryNode node) => node is ConvertNode convert ? Bare(convert.Source) : node;

    private static MethodCallExpression Seconds(Expression moment) => Expression.Call(typeof(SqlMoments), nameof(SqlMoments.UnixSeconds), null, moment);
}
