using System.Linq.Expressions;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>$search</c>: terms that occur, in letters of either case, in one of the texts that people know an entity by.</summary>
internal static class SearchBinder
{
    public static Expression Bind(SearchClause clause, EntityModel entity, Expression row, ReadContext context)
    {
        context.Option = "$search";
        var texts = entity.Properties.Where(property => property.IsSearched).ToList();
        return Bind(clause.Expression, texts, row, context);
    }

    private static Expression Bind(QueryNode node, List<EntityProperty> texts, Expression row, ReadContext context)
    {
        context.Count();
        return node switch
        {
            SearchTermNode term => Contains(term.Text, texts, row),
            UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => Expression.Not(Bind(not.Operand, texts, row, context)),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or =>
                Expression.OrElse(Bind(or.Left, texts, row, context), Bind(or.Right, texts, row, context)),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and =>
                Expression.AndAlso(Bind(and.Left, texts, row, context), Bind(and.Right, texts, row, context)),
            _ => throw context.NotImplemented($"{node.Kind} is not supported."),
        };
    }

    private static Expression Contains(string term, List<EntityProperty> texts, Expression row)
    {
        var lower = Literal.Of(term.ToLowerInvariant());
        Expression result = Expression.Constant(false);
        foreach (var text in texts)
        {
            var value = Expression.Call(Lambdas.Inline(text.Value, row), typeof(string).GetMethod(nameof(string.ToLower), [])!);
            var found = Expression.Call(value, typeof(string).GetMethod(nameof(string.Contains), [typeof(string)])!, lower);
            result = result is ConstantExpression ? found : Expression.OrElse(result, found);
        }

        return result;
    }
}
