using System.Data.Common;
using System.Text.Json;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>The row that a database's reader is at, read as its driver reads it.</summary>
internal sealed class ReaderRow(DbDataReader reader, Columns columns) : RowValues
{
    private readonly (int Ordinal, TypeCode Type)[] _cells = [.. Enumerable.Range(0, columns.Count).Select(cell => (columns.Ordinal(cell), Type.GetTypeCode(columns.TypeOf(cell))))];

    public override object? this[int cell]
    {
        get
        {
            var (ordinal, type) = _cells[cell];
            if (reader.IsDBNull(ordinal))
            {
                return null;
            }

            return type switch
            {
                TypeCode.Int64 => reader.GetInt64(ordinal),
                TypeCode.Int32 => reader.GetInt32(ordinal),
                TypeCode.Boolean => reader.GetBoolean(ordinal),
                TypeCode.Double => reader.GetDouble(ordinal),
                TypeCode.DateTime => DateTime.SpecifyKind(reader.GetDateTime(ordinal), DateTimeKind.Utc),
                TypeCode.String => reader.GetString(ordinal),
                _ => reader.GetGuid(ordinal),
            };
        }
    }

    public override bool TryWrite(Utf8JsonWriter json, ShapeColumn column)
    {
        var (ordinal, type) = _cells[column.Cell];
        if (reader.IsDBNull(ordinal))
        {
            json.WriteNull(column.Name);
            return true;
        }

        switch (type)
        {
            case TypeCode.Int64:
                json.WriteNumber(column.Name, reader.GetInt64(ordinal));
                return true;
            case TypeCode.Int32:
                json.WriteNumber(column.Name, reader.GetInt32(ordinal));
                return true;
            case TypeCode.Boolean:
                json.WriteBoolean(column.Name, reader.GetBoolean(ordinal));
                return true;
            case TypeCode.DateTime:
                json.WriteString(column.Name, DateTime.SpecifyKind(reader.GetDateTime(ordinal), DateTimeKind.Utc));
                return true;
            case TypeCode.String:
                json.WriteString(column.Name, reader.GetString(ordinal));
                return true;
            case TypeCode.Double when double.IsFinite(reader.GetDouble(ordinal)):
                json.WriteNumber(column.Name, reader.GetDouble(ordinal));
                return true;
            default:
                return false;
        }
    }

    public override object?[] Copy(int count)
    {
        var values = new object?[count];
        for (var cell = 0; cell < count; cell++)
        {
            values[cell] = this[cell];
        }

        return values;
    }
}
