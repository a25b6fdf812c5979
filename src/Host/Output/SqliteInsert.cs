using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ContainerGroups.Host.Output;

/// <summary>
/// An INSERT that is prepared once and bound by position, on the engine's own interface: the driver looks each parameter up by
/// its name for each row, which costs more than the row. Values are stored as the driver would store them.
/// </summary>
internal sealed class SqliteInsert : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _next = 1;

    public SqliteInsert(SqliteConnection connection, string table, string columns, string suffix = "")
    {
        _database = connection.Handle!;
        var places = string.Join(", ", columns.Split(',').Select(_ => "?"));
        Check(raw.sqlite3_prepare_v2(_database, $"INSERT INTO \"{table}\" ({columns}) VALUES ({places}){suffix}", out _statement));
    }

    public SqliteInsert Add(long? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(_statement, _next++) : raw.sqlite3_bind_int64(_statement, _next++, value.Value));
        return this;
    }

    public SqliteInsert Add(bool value) => Add(value ? 1 : 0);

    public SqliteInsert Add(double? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(_statement, _next++) : raw.sqlite3_bind_double(_statement, _next++, value.Value));
        return this;
    }

    public SqliteInsert Add(string value)
    {
        Check(raw.sqlite3_bind_text(_statement, _next++, Encoding.UTF8.GetBytes(value)));
        return this;
    }

    public SqliteInsert Add(DateTime value) => Add(value.ToString("yyyy'-'MM'-'dd HH':'mm':'ss.FFFFFFF", CultureInfo.InvariantCulture));

    public SqliteInsert Add(byte[] value)
    {
        Check(raw.sqlite3_bind_blob(_statement, _next++, value));
        return this;
    }

    /// <summary>Stores the row whose values were added.</summary>
    public void Run()
    {
        var result = raw.sqlite3_step(_statement);
        var reset = raw.sqlite3_reset(_statement);
        Check(result == raw.SQLITE_DONE ? reset : result);
        _next = 1;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
