using System.Linq.Expressions;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>case(C1:V1,C2:V2)</c>: the value of the first condition that is true, else null. It comes here as a function of all of these.</summary>
internal static class Cases
{
    public static Expression Bind(SingleValueFunctionCallNode node, ExpressionBinder binder)
    {
        Expression result = Literal.Null;
        foreach (var pair in node.Parameters.Chunk(2).Reverse())
        {
            var condition = binder.BindPredicate(pair[0]);
            var (value, rest) = Types.Unify(binder.Bind(pair[1]), result);
            result = Literal.IsNull(value) ? value : Expression.Condition(condition, value, rest);
        }

        return result;
    }
}
