using System.Text.Json;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>A value that is written, and where in the row it is.</summary>
internal sealed record ShapeColumn(JsonEncodedText Name, EdmPrimitiveTypeKind Kind, int Cell)
{
    /// <summary>Whether it is a number of rows, so that nothing is 0.</summary>
    public bool CountsRows { get; init; }

    /// <summary>Whether it is there wherever the entity is that it belongs to.</summary>
    public bool IsRequired { get; init; }

    public JsonEncodedText TypeName { get; } = JsonEncodedText.Encode($"{Name}@odata.type");
}

/// <summary>One entity inside another, in the same row.</summary>
internal sealed record ShapeEntity(JsonEncodedText Name, Shape Shape, bool IsReference);

internal enum CollectionForm
{
    Entities,
    References,
    Count,
}

/// <summary>Entities inside another that are read by statements of their own; of one that can't be joined, at most one.</summary>
/// <param name="Navigation">The way to them.</param>
/// <param name="Options">What is asked of them.</param>
/// <param name="Form">What of them is written.</param>
/// <param name="ParentCell">Where the value of the row is that they are found by.</param>
/// <param name="Page">What a page of them looks like, below whichever row.</param>
internal sealed record ShapeCollection(EntityNavigation Navigation, ReadOptions Options, CollectionForm Form, int ParentCell, Page Page)
{
    public bool IsCounted => Form == CollectionForm.Count || Options.Count;

    /// <summary>What reads them below several rows together; null until that was done once.</summary>
    public Statement? Shared { get; set; }

    public JsonEncodedText CountName { get; } = JsonEncodedText.Encode($"{Navigation.Name}@odata.count");

    public JsonEncodedText NextLinkName { get; } = JsonEncodedText.Encode($"{Navigation.Name}@odata.nextLink");
}

/// <summary>What of an entity, or of a row of a grouped result, is written.</summary>
internal sealed class Shape
{
    private bool? _hasKeyColumn;

    /// <summary>Null for a row of a grouped result.</summary>
    public EntityModel? Entity { get; init; }

    /// <summary>Where the key is; -1 for what has none.</summary>
    public int KeyCell { get; init; } = -1;

    public List<ShapeColumn> Columns { get; } = [];

    /// <summary>Whether the key is among the columns; asked when all are there.</summary>
    public bool HasKeyColumn => _hasKeyColumn ??= Columns.Exists(column => column.Cell == KeyCell);

    public List<ShapeEntity> Entities { get; } = [];

    public List<ShapeCollection> Collections { get; } = [];

    /// <summary>What the context URL says of it, in parentheses; empty when everything is there and nothing besides.</summary>
    public string Projection { get; set; } = "";

    /// <summary>Whether a row has not even what there would be of it, if there were anything.</summary>
    public bool IsAbsent(RowValues row) => Columns.Exists(column => column.IsRequired && row[column.Cell] is null);

    public bool Expands(EntityNavigation navigation) =>
        Collections.Exists(collection => collection.Navigation == navigation) || Entities.Exists(entity => entity.Name.Equals(navigation.EncodedName));

    public bool HasCollections => Collections.Count > 0 || Entities.Exists(entity => entity.Shape.HasCollections);
}
