using System.Linq.Expressions;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>
/// Turns what a client wrote into an expression that the database evaluates. Only what the catalog lists can be named, every way to
/// other rows goes through what the caller may see, and what has no translation is refused.
/// </summary>
internal sealed class ExpressionBinder
{
    private readonly ReadContext _context;
    private readonly RowScope _scope;
    private readonly Dictionary<string, (EntityModel Entity, Expression Row)> _variables = new(StringComparer.Ordinal);
    private int _depth;

    public ExpressionBinder(ReadContext context, RowScope scope, string option)
    {
        _context = context;
        _scope = scope;
        context.Option = option;
    }

    public ReadContext Context => _context;

    /// <summary>Whether null must not get lost: below a negation, "unknown" would turn into a match, or fail to.</summary>
    private bool Guards { get; set; }

    public Expression BindPredicate(QueryNode node) => Holds(node, true);

    /// <summary>Whether a condition is true or, where that is asked, whether it is false: what is unknown is neither.</summary>
    private Expression Holds(QueryNode node, bool asked)
    {
        switch (node)
        {
            case ConvertNode convert:
                return Holds(convert.Source, asked);
            case BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or } both:
                _context.Count();
                var (left, right) = (Holds(both.Left, asked), Holds(both.Right, asked));
                return (both.OperatorKind == BinaryOperatorKind.And) == asked ? Expression.AndAlso(left, right) : Expression.OrElse(left, right);
            case UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not:
                _context.Count();
                return Holds(not.Operand, !asked);
            default:
                return asked ? IsTrue(node) : IsFalse(node);
        }
    }

    private Expression IsFalse(QueryNode node)
    {
        var guards = Guards;
        Guards = true;
        var bound = Condition(node);
        Guards = guards;
        if (bound is null)
        {
            return Expression.Constant(false);
        }

        return bound.Type == typeof(bool)
            ? Guarded(Expression.Not(bound), Unknowns(node))
            : Expression.Equal(bound, Expression.Constant(false, typeof(bool?)));
    }

    private Expression IsTrue(QueryNode node)
    {
        if (Condition(node) is not { } bound)
        {
            return Expression.Constant(false);
        }

        return bound.Type == typeof(bool) ? bound : Expression.Equal(bound, Expression.Constant(true, typeof(bool?)));
    }

    /// <summary>What has to be true or false; null when it is neither, always.</summary>
    private Expression? Condition(QueryNode node)
    {
        var bound = Bind(node);
        if (Literal.IsNull(bound))
        {
            return null;
        }

        return Types.Bare(bound.Type) == typeof(bool) ? bound : throw ODataFault.BadRequest("The expression has to be true or false.", _context.Option);
    }

    /// <summary>Binds what is shown or sorted by: there null is a value.</summary>
    public Expression BindValue(QueryNode node)
    {
        Guards = true;
        var bound = Bind(node);
        return Literal.IsNull(bound) ? throw ODataFault.BadRequest("The expression is always null.", _context.Option) : bound;
    }

    public Expression Bind(QueryNode node)
    {
        _context.Count();
        return node switch
        {
            ConstantNode constant => Literal.Of(constant),
            ConvertNode convert => Bind(convert.Source),
            ParameterAliasNode alias => Bind(Resolve(alias)),
            BinaryOperatorNode binary => BindBinary(binary),
            UnaryOperatorNode unary => BindUnary(unary),
            SingleValuePropertyAccessNode property => BindProperty(property),
            SingleValueOpenPropertyAccessNode open => Named(PathOf(open) ?? open.Name),
            SingleResourceNode entity => Types.Lift(Lambdas.Inline(EntityOf(entity).Key.Value, BindEntity(entity))),
            AnyNode any => BindAny(any, negated: false),
            AllNode all => BindAny(all, negated: true),
            CountNode count => BindCount(count),
            InNode inside => Membership.Bind(Bind(inside.Left), inside, _context),
            SingleValueFunctionCallNode call => Functions.Bind(call, this),
            _ => throw _context.NotImplemented($"expressions of the kind {node.Kind} are not supported."),
        };
    }

    private SingleValueNode Resolve(ParameterAliasNode alias) =>
        _context.Aliases.TryGetValue(alias.Alias, out var value) && value is not null
            ? value
            : new ConstantNode(null, "null");

    private Expression BindBinary(BinaryOperatorNode node)
    {
        switch (node.OperatorKind)
        {
            case BinaryOperatorKind.And:
            case BinaryOperatorKind.Or:
                return Holds(node, true);
            case BinaryOperatorKind.Has:
                throw _context.NotImplemented("has: this service has no flags.");
        }

        var guards = Guards;
        Guards = true;
        var (left, right) = (Bind(node.Left), Bind(node.Right));
        Guards = guards;
        if (node.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply
            or BinaryOperatorKind.Divide or BinaryOperatorKind.Modulo)
        {
            return Arithmetic.Bind(node.OperatorKind, left, right, _context);
        }

        var comparison = Comparisons.Bind(node.OperatorKind, left, right);
        if (Literal.IsNull(left) || Literal.IsNull(right) || node.OperatorKind is BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual)
        {
            return comparison;
        }

        comparison = guards ? Guarded(comparison, (node.Left, left), (node.Right, right)) : comparison;
        return Comparisons.BothNull(node.OperatorKind, left, right) is { } bothNull ? Expression.OrElse(comparison, bothNull) : comparison;
    }

    /// <summary>Makes "unknown" false.</summary>
    private Expression Guarded(Expression condition, params (QueryNode Node, Expression Value)[] operands)
    {
        foreach (var (node, value) in operands)
        {
            if (!Literal.IsNull(value) && (Types.IsNullable(value) || (value.Type == typeof(string) && Nullability.MayBeNull(node, _context, this))))
            {
                condition = Expression.AndAlso(Expression.NotEqual(value, Expression.Constant(null, value.Type)), condition);
            }
        }

        return condition;
    }

    private Expression BindUnary(UnaryOperatorNode node)
    {
        if (node.OperatorKind == UnaryOperatorKind.Negate)
        {
            return Arithmetic.Negate(Bind(node.Operand), _context);
        }

        return Holds(node, true);
    }

    /// <summary>The operands whose null makes a function's answer unknown.</summary>
    private (QueryNode Node, Expression Value)[] Unknowns(QueryNode node) => node is ConvertNode convert
        ? Unknowns(convert.Source)
        : node is SingleValueFunctionCallNode call ? [.. call.Parameters.Select(parameter => (parameter, Bind(parameter)))] : [];

    private Expression BindProperty(SingleValuePropertyAccessNode node)
    {
        if (PathOf(node) is { } path && _scope.Find(path) is { } named)
        {
            return named.Value;
        }

        if (node.Source is not SingleResourceNode source)
        {
            throw _context.NotImplemented($"{node.Property.Name} is not a property of an entity.");
        }

        var property = EntityOf(source).FindProperty(node.Property.Name)
            ?? throw ODataFault.BadRequest($"There is no property {node.Property.Name}.", _context.Option);
        var value = Lambdas.Inline(property.Value, BindEntity(source));
        // Where there is no entity there is no value.
        return source is SingleNavigationNode ? Types.Lift(value) : value;
    }

    private Expression Named(string path) => _scope.Find(path)?.Value
        ?? throw ODataFault.BadRequest($"There is no property {path} at this point.", _context.Option);

    public Expression BindEntity(SingleResourceNode node)
    {
        switch (node)
        {
            case ResourceRangeVariableReferenceNode variable when _variables.TryGetValue(variable.Name, out var known):
                return known.Row;
            case ResourceRangeVariableReferenceNode variable:
                return _scope.Entity is not null
                    ? _scope.Row
                    : throw ODataFault.BadRequest($"After grouping, {variable.Name} has only the properties that it was grouped by and aggregated to.", _context.Option);
            case SingleNavigationNode navigation:
                // Each step is a query inside of the one before it.
                _context.Count();
                var way = EntityOf(navigation.Source).FindNavigation(navigation.NavigationProperty.Name)!;
                return _context.One(way, BindEntity(navigation.Source));
            default:
                throw _context.NotImplemented($"{node.Kind} is not supported.");
        }
    }

    public EntityModel EntityOf(SingleResourceNode node) => _context.Catalog.Of(node.StructuredTypeReference.Definition);

    private Expression BindAny(LambdaNode node, bool negated)
    {
        var (source, way) = BindCollection(node.Source);
        if (node.CurrentRangeVariable is not { } variable)
        {
            return Lambdas.Any(source, way.Target.RowType);
        }

        var row = Expression.Parameter(way.Target.RowType, "y");
        var body = Within(variable.Name, way.Target, row, () =>
        {
            var guards = Guards;
            Guards |= negated;
            var condition = BindPredicate(node.Body);
            Guards = guards;
            return negated ? Expression.Not(condition) : condition;
        });
        Expression any = Lambdas.Any(Lambdas.Where(source, row, body), way.Target.RowType);
        return negated ? Expression.Not(any) : any;
    }

    private Expression BindCount(CountNode node)
    {
        var (source, way) = BindCollection(node.Source);
        if (node.SearchClause is { } search)
        {
            var (found, option) = (Expression.Parameter(way.Target.RowType, "y"), _context.Option);
            source = Lambdas.Where(source, found, SearchBinder.Bind(search, way.Target, found, _context));
            _context.Option = option;
        }

        if (node.FilterClause is { } filter)
        {
            var row = Expression.Parameter(way.Target.RowType, "y");
            var body = Within(filter.RangeVariable.Name, way.Target, row, () => BindPredicate(filter.Expression));
            source = Lambdas.Where(source, row, body);
        }

        return Lambdas.LongCount(source, way.Target.RowType);
    }

    private (Expression Source, EntityNavigation Way) BindCollection(CollectionNode node)
    {
        if (node is not CollectionNavigationNode navigation)
        {
            throw _context.NotImplemented($"collections of the kind {node.Kind} are not supported.");
        }

        var way = EntityOf(navigation.Source).FindNavigation(navigation.NavigationProperty.Name)!;
        return (_context.Many(way, BindEntity(navigation.Source)), way);
    }

    private Expression Within(string name, EntityModel entity, ParameterExpression row, Func<Expression> bind)
    {
        if (++_depth > _context.Limits.MaxLambdaDepth)
        {
            throw ODataFault.OverLimit(
                nameof(ODataOptions.MaxLambdaDepth), _context.Limits.MaxLambdaDepth, "any, all and $count are too deep inside each other.", _context.Option);
        }

        var hadOuter = _variables.Remove(name, out var outer);
        _variables[name] = (entity, row);
        var bound = bind();
        _variables.Remove(name);
        if (hadOuter)
        {
            _variables[name] = outer;
        }

        _depth--;
        return bound;
    }

    /// <summary>The path from the row itself; null for what begins at the variable of an <c>any</c>.</summary>
    private string? PathOf(QueryNode node) => node switch
    {
        ResourceRangeVariableReferenceNode variable => _variables.ContainsKey(variable.Name) ? null : "",
        SingleNavigationNode navigation => Join(PathOf(navigation.Source), navigation.NavigationProperty.Name),
        SingleValuePropertyAccessNode property => Join(PathOf(property.Source), property.Property.Name),
        SingleValueOpenPropertyAccessNode open => Join(PathOf(open.Source), open.Name),
        _ => null,
    };

    private static string? Join(string? path, string name) => path is null ? null : path.Length == 0 ? name : $"{path}/{name}";
}
