using System.Text.Json;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>The values of a row, wherever they are.</summary>
internal abstract class RowValues
{
    public abstract object? this[int cell] { get; }

    /// <summary>Writes a member as JSON has such values when the client wishes nothing else.</summary>
    /// <returns>False where the value has to be written by who knows what it means.</returns>
    public abstract bool TryWrite(Utf8JsonWriter json, ShapeColumn column);

    /// <summary>The first so many values, to be kept.</summary>
    public abstract object?[] Copy(int count);
}

/// <summary>Values that were read before.</summary>
internal sealed class KeptRow(object?[] values) : RowValues
{
    public override object? this[int cell] => values[cell];

    public override bool TryWrite(Utf8JsonWriter json, ShapeColumn column) => false;

    public override object?[] Copy(int count) => count == values.Length ? values : values[..count];
}
