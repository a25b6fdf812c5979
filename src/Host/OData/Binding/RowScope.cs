using System.Linq.Expressions;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>A value by the name, or path, that it has been given: by <c>$compute</c>, or as a column of a grouped result.</summary>
internal sealed record NamedCell(string Path, Expression Value, EdmPrimitiveTypeKind Kind)
{
    /// <summary>Whether it is a number of rows: of none, 0.</summary>
    public bool CountsRows { get; init; }

    /// <summary>Whether it is one of the values that tell a group from the others.</summary>
    public bool IsGroupedBy { get; init; }

    /// <summary>Whether it is there wherever the entity is that it was grouped by.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>What a row is at this place of a query, and what its names mean.</summary>
/// <param name="Row">The row.</param>
/// <param name="Entity">What it is; null when it is a row of a grouped result, which has its named values only.</param>
internal sealed record RowScope(ParameterExpression Row, EntityModel? Entity)
{
    public List<NamedCell> Named { get; } = [];

    public static RowScope Of(EntityModel entity) => new(Expression.Parameter(entity.RowType, "x"), entity);

    public NamedCell? Find(string path) => Named.Find(value => value.Path == path);
}
