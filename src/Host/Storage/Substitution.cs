using System.Linq.Expressions;

namespace ContainerGroups.Host.Storage;

/// <summary>Puts other expressions in the place of parameters.</summary>
/// <param name="parameters">What is replaced.</param>
/// <param name="arguments">By what, in the same order.</param>
internal sealed class Substitution(IReadOnlyList<ParameterExpression> parameters, IReadOnlyList<Expression> arguments) : ExpressionVisitor
{
    /// <summary>The body of a lambda with other expressions in place of its parameters.</summary>
    public static Expression Inline(LambdaExpression lambda, params IReadOnlyList<Expression> arguments) =>
        new Substitution(lambda.Parameters, arguments).Visit(lambda.Body);

    protected override Expression VisitParameter(ParameterExpression node)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i] == node)
            {
                return arguments[i];
            }
        }

        return node;
    }
}
