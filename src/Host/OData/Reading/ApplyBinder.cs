using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace ContainerGroups.Host.OData.Reading;

/// <summary><c>$apply</c>: filter, groupby, aggregate and compute, one after the other, all in the database.</summary>
internal sealed class ApplyBinder(ReadContext context)
{
    private const string Option = "$apply";

    public (Expression Source, RowScope Scope, bool AlwaysHasRow) Apply(
        ApplyClause clause, IReadOnlyDictionary<int, CountedStep> counted, Expression source, RowScope scope)
    {
        var alwaysHasRow = false;
        foreach (var (i, step) in clause.Transformations.Index())
        {
            switch (step)
            {
                case ComputeTransformationNode compute when counted.TryGetValue(i, out var count):
                    source = Counted(source, scope, compute.Expressions.Single().Expression, count);
                    alwaysHasRow = false;
                    break;
                case FilterTransformationNode filter:
                    source = Lambdas.Where(source, scope.Row, Binder(scope).BindPredicate(filter.FilterClause.Expression));
                    alwaysHasRow = false;
                    break;
                case ComputeTransformationNode compute:
                    foreach (var item in compute.Expressions)
                    {
                        var value = Binder(scope).BindValue(item.Expression);
                        scope.Named.Add(new NamedCell(item.Alias, value, ShapeBuilder.KindOf(item.Expression, value, scope)));
                    }

                    break;
                case AggregateTransformationNode aggregate:
                    (source, scope) = Group(source, scope, [], aggregate);
                    alwaysHasRow = true;
                    break;
                case GroupByTransformationNode { ChildTransformations: null or AggregateTransformationNode } group:
                    (source, scope) = Group(source, scope, Leaves(group.GroupingProperties, ""), (AggregateTransformationNode?)group.ChildTransformations);
                    alwaysHasRow = false;
                    break;
                default:
                    throw ODataFault.NotImplemented(Option, $"the transformation {step.Kind} is not supported here.");
            }
        }

        return (source, scope, alwaysHasRow);
    }

    private MethodCallExpression Counted(Expression source, RowScope scope, SingleValueNode by, CountedStep step)
    {
        var value = Binder(scope).BindValue(by);
        if (!Types.IsNumber(value.Type) && Types.Bare(value.Type) != typeof(DateTime))
        {
            throw ODataFault.BadRequest("topcount and bottomcount take a number or a moment.", Option);
        }

        // Of those that are alike, the same ones each time.
        List<OrderKey> keys = [new(value, step.IsTop), .. EntityQuery.KeysOf(context, scope, null)];
        return Lambdas.Take(EntityQuery.Sort(context, source, scope, keys), scope.Row.Type, step.Count);
    }

    private ExpressionBinder Binder(RowScope scope) => new(context, scope, Option);

    private static List<(string Path, GroupByPropertyNode Node)> Leaves(IEnumerable<GroupByPropertyNode> nodes, string prefix)
    {
        var leaves = new List<(string, GroupByPropertyNode)>();
        foreach (var node in nodes)
        {
            var path = prefix + node.Name;
            if (node.Expression is null)
            {
                leaves.AddRange(Leaves(node.ChildTransformations, path + "/"));
            }
            else
            {
                leaves.Add((path, node));
            }
        }

        return leaves;
    }

    private static bool IsRequired(string path, SingleValueNode node, RowScope scope) => scope.Entity is null
        ? scope.Find(path) is { IsRequired: true }
        : node is SingleValuePropertyAccessNode { Source: SingleNavigationNode } property && !property.Property.Type.IsNullable;

    private (Expression Source, RowScope Scope) Group(
        Expression source, RowScope scope, List<(string Path, GroupByPropertyNode Node)> keys, AggregateTransformationNode? aggregate)
    {
        var columns = new List<NamedCell>();
        foreach (var (path, node) in keys)
        {
            var value = Binder(scope).BindValue(node.Expression);
            columns.Add(new NamedCell(path, value, ShapeBuilder.KindOf(node.Expression, value, scope)) { IsRequired = IsRequired(path, node.Expression, scope) });
        }

        var wanted = (aggregate?.AggregateExpressions ?? []).Select(expression => AggregateColumn.Bind(expression, scope, context)).ToList();
        if (columns.Count + wanted.Count > CellRow.Most)
        {
            throw ODataFault.OverLimit(Option, CellRow.Most, "A grouped result has too many columns.", Option);
        }

        // What is grouped by and aggregated first, so that ways to other entities become joins below the grouping.
        var inputs = columns.Select(column => column.Value).Concat(wanted.Where(column => column.Input is not null).Select(column => column.Input!)).ToList();
        var input = CellRow.Of(inputs.Count == 0 ? [Expression.Constant(1)] : inputs);
        source = Lambdas.Select(source, scope.Row, input);
        var row = Expression.Parameter(input.Type, "r");
        Expression key = columns.Count == 0 ? Expression.Constant(1) : CellRow.Of([.. columns.Select((_, i) => CellRow.Cell(row, i))]);
        source = Lambdas.GroupBy(source, row, key);
        return Results(source, row, key.Type, columns, wanted);
    }

    private static (Expression Source, RowScope Scope) Results(
        Expression source, ParameterExpression row, Type keyType, List<NamedCell> columns, List<AggregateColumn> wanted)
    {
        var group = Expression.Parameter(typeof(IGrouping<,>).MakeGenericType(keyType, row.Type), "g");
        var groupKey = Expression.Property(group, nameof(IGrouping<int, int>.Key));
        var results = columns.Select((_, i) => (Expression)CellRow.Cell(groupKey, i)).ToList();
        var next = columns.Count;
        foreach (var column in wanted)
        {
            results.Add(column.Over(group, row, column.Input is null ? null : CellRow.Cell(row, next)));
            next += column.Input is null ? 0 : 1;
        }

        var result = CellRow.Of(results);
        var scope = new RowScope(Expression.Parameter(result.Type, "r"), null);
        for (var i = 0; i < results.Count; i++)
        {
            var (path, kind) = i < columns.Count
                ? (columns[i].Path, columns[i].Kind)
                : (wanted[i - columns.Count].Alias, wanted[i - columns.Count].Kind ?? EntityProperty.KindOf(results[i].Type));
            scope.Named.Add(new NamedCell(path, CellRow.Cell(scope.Row, i), kind)
            {
                CountsRows = i >= columns.Count && wanted[i - columns.Count].CountsRows,
                IsGroupedBy = i < columns.Count,
                IsRequired = i < columns.Count && columns[i].IsRequired,
            });
        }

        return (Lambdas.Select(source, group, result), scope);
    }
}
