using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>An aggregate of no rows: nothing was counted, and there is no sum, no least and no greatest.</summary>
internal static class Aggregates
{
    public static RowValues OfNothing(Shape shape)
    {
        var row = new object?[shape.Columns.Count == 0 ? 0 : shape.Columns.Max(column => column.Cell) + 1];
        foreach (var column in shape.Columns.Where(column => column.Kind == EdmPrimitiveTypeKind.Int64 && column.CountsRows))
        {
            row[column.Cell] = 0L;
        }

        return new KeptRow(row);
    }
}
