using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>Decides, by <c>$select</c> and <c>$expand</c>, what is read of a row, and so what the database has to give.</summary>
internal sealed class ShapeBuilder(ReadContext context)
{
    /// <summary>The values of a row, in the order in which they are read.</summary>
    public List<Expression> Cells { get; } = [];

    public Shape Build(EntityModel entity, Expression row, IReadOnlyList<NamedCell> named, SelectExpandClause? clause, int depth)
    {
        var shape = new Shape { Entity = entity, KeyCell = Add(Types.Lift(Lambdas.Inline(entity.Key.Value, row))) };
        var projection = new List<string>();
        AddColumns(shape, entity, row, named, clause, projection);
        foreach (var item in clause?.SelectedItems ?? [])
        {
            if (item is ExpandedReferenceSelectItem expand)
            {
                projection.Add(Expand(shape, entity, row, expand, depth + 1));
            }
        }

        shape.Projection = string.Join(',', projection);
        return shape;
    }

    /// <summary>A row of a grouped result: paths are nested objects again.</summary>
    public Shape Build(RowScope scope, SelectExpandClause? clause)
    {
        var shape = new Shape();
        var selected = Selected(clause);
        var paths = new List<string>();
        foreach (var value in scope.Named.Where(value => selected is null || selected.Contains(value.Path.Split('/')[0])))
        {
            var parts = value.Path.Split('/');
            var place = shape;
            foreach (var part in parts[..^1])
            {
                var name = JsonEncodedText.Encode(part);
                var inner = place.Entities.Find(entity => entity.Name.Equals(name));
                if (inner is null)
                {
                    place.Entities.Add(inner = new ShapeEntity(name, new Shape(), false));
                }

                place = inner.Shape;
            }

            place.Columns.Add(new ShapeColumn(JsonEncodedText.Encode(parts[^1]), value.Kind, Add(value.Value)) { CountsRows = value.CountsRows, IsRequired = value.IsRequired });
            paths.Add(parts.Aggregate("", (text, part) => text.Length == 0 ? part : $"{text}({part}") + new string(')', parts.Length - 1));
        }

        shape.Projection = string.Join(',', paths);
        return shape;
    }

    public int Add(Expression value)
    {
        Cells.Add(value);
        return Cells.Count - 1;
    }

    private void AddColumns(
        Shape shape, EntityModel entity, Expression row, IReadOnlyList<NamedCell> named, SelectExpandClause? clause, List<string> projection)
    {
        var selected = Selected(clause);
        foreach (var property in entity.Properties.Where(property => selected?.Contains(property.Name) ?? true))
        {
            var isKey = property.Name == EntityModel.KeyName;
            shape.Columns.Add(new ShapeColumn(property.EncodedName, property.Kind, isKey ? shape.KeyCell : Add(Cell(property, row))));
        }

        foreach (var value in named.Where(value => selected?.Contains(value.Path) ?? true))
        {
            shape.Columns.Add(new ShapeColumn(JsonEncodedText.Encode(value.Path), value.Kind, Add(value.Value)));
        }

        if (selected is not null)
        {
            projection.AddRange(shape.Columns.Select(column => column.Name.ToString()));
        }
        else if (named.Count > 0)
        {
            projection.Add("*");
            projection.AddRange(named.Select(value => value.Path));
        }
    }

    /// <summary>The names of <c>$select</c>; null when everything is selected.</summary>
    private static HashSet<string>? Selected(SelectExpandClause? clause)
    {
        if (clause is null || clause.AllSelected || clause.SelectedItems.Any(item => item is WildcardSelectItem))
        {
            return null;
        }

        return [.. clause.SelectedItems.OfType<PathSelectItem>().Select(item => item.SelectedPath.FirstSegment.Identifier)];
    }

    /// <summary>Where a join finds nothing there is no value, whatever the type.</summary>
    private static Expression Cell(EntityProperty property, Expression row)
    {
        var value = Lambdas.Inline(property.Value, row);
        return row is ParameterExpression ? value : Types.Lift(value);
    }

    private string Expand(Shape shape, EntityModel entity, Expression row, ExpandedReferenceSelectItem item, int depth)
    {
        context.Count();
        if (depth > context.Limits.MaxExpandDepth)
        {
            throw ODataFault.OverLimit(nameof(ODataOptions.MaxExpandDepth), context.Limits.MaxExpandDepth, "$expand is too deep.", "$expand");
        }

        if (item.PathToNavigationProperty.LastSegment is not NavigationPropertySegment segment
            || entity.FindNavigation(segment.NavigationProperty.Name) is not { } navigation)
        {
            throw ODataFault.NotImplemented("$expand", "only navigation properties can be expanded.");
        }

        var form = item is ExpandedNavigationSelectItem ? CollectionForm.Entities : item is ExpandedCountSelectItem ? CollectionForm.Count : CollectionForm.References;
        var options = item is ExpandedNavigationSelectItem expanded ? ReadOptions.Of(expanded) : ReadOptions.Of(item);
        if (!navigation.IsCollection && options is not { Filter: null, Search: null, OrderBy: null, Top: null, Skip: null, Count: false, Apply: null, Compute: null })
        {
            throw ODataFault.NotImplemented("$expand", $"{navigation.Name} is one entity: it takes $select and $expand only.");
        }

        if (!navigation.IsCollection && form != CollectionForm.Count && context.One(navigation, row) is MemberExpression joined)
        {
            var inner = Build(navigation.Target, joined, [], form == CollectionForm.References ? KeyOnly : options.Select, depth);
            shape.Entities.Add(new ShapeEntity(navigation.EncodedName, inner, form == CollectionForm.References));
            return $"{navigation.Name}({inner.Projection})";
        }

        var parent = navigation.ForeignKey is { } foreignKey ? Add(Types.Lift(Lambdas.Inline(entity.FindProperty(foreignKey)!.Value, row))) : shape.KeyCell;
        // Bound now, for its shape and its faults; what is run later is bound to the rows that it is below.
        var query = EntityQuery.Build(context, navigation.Target, context.Rows(navigation.Target), options, context.Limits.PageSize, depth);
        shape.Collections.Add(new ShapeCollection(navigation, options, form, parent, query.Page));
        return form == CollectionForm.Count ? "" : $"{navigation.Name}({query.Page.Shape.Projection})";
    }

    private static readonly SelectExpandClause KeyOnly = new([], allSelected: false);

    /// <summary>The type by which a computed value goes out.</summary>
    public static EdmPrimitiveTypeKind KindOf(QueryNode node, Expression value, RowScope scope) => node switch
    {
        ConvertNode convert => KindOf(convert.Source, value, scope),
        SingleValueFunctionCallNode call when call.TypeReference?.PrimitiveKind() is EdmPrimitiveTypeKind.Date or EdmPrimitiveTypeKind.TimeOfDay =>
            call.TypeReference.PrimitiveKind(),
        SingleValueOpenPropertyAccessNode open when scope.Find(open.Name) is { } named => named.Kind,
        _ => EntityProperty.KindOf(value.Type),
    };
}
