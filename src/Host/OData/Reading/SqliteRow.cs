using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>
/// The row that SQLite is at, read from the engine itself: its texts are UTF-8 already, and moments almost as JSON has them. The driver
/// would make an object of each, for the writer to take it apart again.
/// </summary>
internal sealed class SqliteRow(SqliteDataReader reader, Columns columns) : RowValues
{
    private readonly sqlite3_stmt _statement = reader.Handle ?? throw new InvalidOperationException("The reader is closed.");
    private readonly ReaderRow _asDriver = new(reader, columns);
    private readonly (int Ordinal, TypeCode Type)[] _cells = [.. Enumerable.Range(0, columns.Count).Select(cell => (columns.Ordinal(cell), Type.GetTypeCode(columns.TypeOf(cell))))];

    public override object? this[int cell]
    {
        get
        {
            var (ordinal, type) = _cells[cell];
            switch (type)
            {
                case TypeCode.Int64:
                    var number = raw.sqlite3_column_int64(_statement, ordinal);
                    return number == 0 && IsNull(ordinal) ? null : number;
                case TypeCode.String:
                    var text = raw.sqlite3_column_blob(_statement, ordinal);
                    return text.Length == 0 && IsNull(ordinal) ? null : Encoding.UTF8.GetString(text);
                default:
                    return _asDriver[cell];
            }
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

    public override bool TryWrite(Utf8JsonWriter json, ShapeColumn column)
    {
        var (ordinal, type) = _cells[column.Cell];
        switch (type)
        {
            case TypeCode.Int64 or TypeCode.Int32:
                Number(json, column.Name, ordinal);
                return true;
            case TypeCode.Boolean:
                Boolean(json, column.Name, ordinal);
                return true;
            case TypeCode.String:
                Text(json, column.Name, ordinal);
                return true;
            case TypeCode.DateTime:
                return TryWriteMoment(json, column.Name, ordinal);
            case TypeCode.Double:
                return TryWriteFraction(json, column.Name, ordinal);
            default:
                return false;
        }
    }

    /// <summary>The engine gives null as zero or as nothing, so that only those have to be looked at twice.</summary>
    private bool IsNull(int ordinal) => raw.sqlite3_column_type(_statement, ordinal) == raw.SQLITE_NULL;

    private void Number(Utf8JsonWriter json, JsonEncodedText name, int ordinal)
    {
        var number = raw.sqlite3_column_int64(_statement, ordinal);
        if (number == 0 && IsNull(ordinal))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, number);
        }
    }

    private void Boolean(Utf8JsonWriter json, JsonEncodedText name, int ordinal)
    {
        var flag = raw.sqlite3_column_int64(_statement, ordinal) != 0;
        if (!flag && IsNull(ordinal))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteBoolean(name, flag);
        }
    }

    private void Text(Utf8JsonWriter json, JsonEncodedText name, int ordinal)
    {
        var text = raw.sqlite3_column_blob(_statement, ordinal);
        if (text.Length == 0 && IsNull(ordinal))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, text);
        }
    }

    private bool TryWriteFraction(Utf8JsonWriter json, JsonEncodedText name, int ordinal)
    {
        var number = raw.sqlite3_column_double(_statement, ordinal);
        if (!double.IsFinite(number))
        {
            return false;
        }

        if (number == 0 && IsNull(ordinal))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, number);
        }

        return true;
    }

    private bool TryWriteMoment(Utf8JsonWriter json, JsonEncodedText name, int ordinal)
    {
        var stored = raw.sqlite3_column_blob(_statement, ordinal);
        Span<byte> text = stackalloc byte[StoredMoment.MostBytes];
        if (stored.Length == 0 && IsNull(ordinal))
        {
            json.WriteNull(name);
            return true;
        }

        if (!StoredMoment.TryFormat(stored, text, out var length))
        {
            return false;
        }

        json.WriteString(name, text[..length]);
        return true;
    }
}
