using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using ContainerGroups.Host.OData.Binding;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>
/// A query as the database gets it, to be run as often as it is asked: what varies from run to run is set anew. To parse a request, to
/// bind it and to have it translated takes longer than most databases need to answer it.
/// </summary>
internal sealed class Statement
{
    private readonly string _text;
    private readonly int _timeout;
    private readonly (DbParameter Parameter, int Value)[] _parameters;

    private Statement(DbCommand command, Columns columns, (DbParameter Parameter, int Value)[] parameters, bool isReusable)
    {
        (_text, _timeout, _parameters) = (command.CommandText, command.CommandTimeout, parameters);
        (Columns, IsReusable) = (columns, isReusable);
    }

    public Columns Columns { get; }

    /// <summary>Whether other values may be given than those that it was made with.</summary>
    public bool IsReusable { get; }

    /// <summary>Whether the database's columns were seen to be those that are expected.</summary>
    public bool IsProven { get; private set; }

    /// <param name="command">The command as translated.</param>
    /// <param name="columns">What it gives.</param>
    /// <param name="values">The values that vary, by the names of their parameters.</param>
    public static Statement Of(DbCommand command, Columns columns, IReadOnlyList<(string Name, object Value)> values)
    {
        var isReusable = true;
        var found = new HashSet<int>();
        var parameters = new List<(DbParameter, int)>();
        foreach (DbParameter parameter in command.Parameters)
        {
            var value = values.Index().FirstOrDefault(value => Varying.Is(parameter.ParameterName, value.Item.Name), (Index: -1, default)).Index;
            found.Add(value);
            // A value that has become another on its way, or stands under another name besides, can't be found again.
            isReusable &= value >= 0
                ? Same(Stored(values[value].Value, parameter.Value), parameter.Value)
                : !values.Any(value => Text(value.Value) == Text(parameter.Value));
            parameters.Add((parameter, value));
        }

        isReusable &= values.Index().All(value => found.Contains(value.Index));
        return new Statement(command, columns, [.. parameters], isReusable);
    }

    public DbCommand Command(DbConnection connection, IReadOnlyList<object> values)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (_text, _timeout);
        foreach (var (parameter, value) in _parameters)
        {
            var copy = Copy(parameter);
            if (value >= 0)
            {
                copy.Value = Stored(values[value], parameter.Value);
            }

            command.Parameters.Add(copy);
        }

        return command;
    }

    /// <summary>Whether the reader gives what is expected.</summary>
    public bool Prove(DbDataReader reader) => IsProven = IsProven || Columns.Fit(reader);

    public RowValues Row(DbDataReader reader) => reader is SqliteDataReader sqlite ? new SqliteRow(sqlite, Columns) : new ReaderRow(reader, Columns);

    private static DbParameter Copy(DbParameter parameter) => parameter is SqliteParameter sqlite
        ? new SqliteParameter(sqlite.ParameterName, sqlite.SqliteType) { Value = sqlite.Value }
        : (DbParameter)((ICloneable)parameter).Clone();

    /// <summary>A value in the form that the provider has made of another one.</summary>
    private static object Stored(object value, object? like) => value is List<long> keys
        ? like switch
        {
            string => JsonSerializer.Serialize(keys),
            long[] => keys.ToArray(),
            _ => keys,
        }
        : value;

    private static bool Same(object value, object? other) =>
        value is IEnumerable<long> keys ? other is IEnumerable<long> others && keys.SequenceEqual(others) : value.Equals(other);

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}
