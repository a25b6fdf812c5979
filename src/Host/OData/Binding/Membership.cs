using System.Collections;
using System.Linq.Expressions;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>X in (a, b, null)</c>.</summary>
internal static class Membership
{
    public static Expression Bind(Expression left, InNode node, ReadContext context)
    {
        if (node.Right is not CollectionConstantNode list)
        {
            throw context.NotImplemented("in takes a list of literals only.");
        }

        foreach (var _ in list.Collection)
        {
            context.Count();
        }

        var bare = Types.Bare(left.Type);
        var values = list.Collection.Select(Literal.Value).ToList();
        var typed = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(left.Type))!;
        foreach (var value in values)
        {
            if (value is not null)
            {
                typed.Add(Fit(value, bare, context));
            }
        }

        Expression isListed = typed.Count == 0
            ? Expression.Constant(false)
            : Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [left.Type], Literal.Of(typed, typed.GetType()), left);
        return values.Contains(null) && (!left.Type.IsValueType || Types.IsNullable(left))
            ? Expression.OrElse(isListed, Expression.Equal(left, Expression.Constant(null, left.Type)))
            : isListed;
    }

    private static object Fit(object value, Type type, ReadContext context)
    {
        try
        {
            return type == value.GetType() ? value : Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw ODataFault.BadRequest($"{value} is no {type.Name}.", context.Option);
        }
    }
}
