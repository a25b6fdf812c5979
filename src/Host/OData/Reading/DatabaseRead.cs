using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Npgsql;
using SQLitePCL;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>Runs queries: rows as the database gives them, no longer than it may take, and no longer than somebody waits for them.</summary>
internal sealed class DatabaseRead : IDisposable
{
    private readonly ReadContext _context;
    private readonly IReadOnlyList<string> _asked;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _caller;
    private readonly IAsyncQueryProvider _provider;
    private readonly StatementRun _statements;
    private readonly CancellationTokenRegistration _interrupt;

    /// <param name="context">What is read from.</param>
    /// <param name="options">The query options in use, for a refusal.</param>
    /// <param name="clock">Measures the limit.</param>
    /// <param name="caller">Ends when nobody waits any more.</param>
    public DatabaseRead(ReadContext context, IReadOnlyList<string> options, TimeProvider clock, CancellationToken caller)
    {
        _context = context;
        _asked = options;
        _caller = caller;
        _provider = (IAsyncQueryProvider)((IQueryable)context.Db.Set<InstallationValue>()).Provider;
        _statements = new StatementRun(context.Db, clock);
        Timeout = new CancellationTokenSource(context.Limits.QueryTimeout, clock);
        _end = CancellationTokenSource.CreateLinkedTokenSource(caller, Timeout.Token);
        // The driver can't cancel a statement of SQLite; the engine itself can.
        _interrupt = context.Db.Database.GetDbConnection() is SqliteConnection sqlite ? _end.Token.Register(() => Interrupt(sqlite)) : default;
    }

    private CancellationTokenSource Timeout { get; }

    private string Asked => string.Join(", ", _asked);

    public async Task<long> CountAsync(Expression count)
    {
        try
        {
            return await _provider.ExecuteAsync<Task<long>>(count, _end.Token);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The rows, one by one. Whatever is wrong with the query is told before the first.</summary>
    public async IAsyncEnumerable<object?[]> RowsAsync(Expression rows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var enumerator = Open(rows, cancellationToken);
        while (await NextAsync(enumerator))
        {
            yield return enumerator.Current;
        }
    }

    /// <summary>The statement of a query; null when it gives more than columns as they are stored.</summary>
    /// <param name="rows">The query.</param>
    /// <param name="values">Of what it makes each row.</param>
    /// <param name="varying">The values that vary, by their names.</param>
    public Statement? StatementOf(Expression rows, NewArrayExpression values, IReadOnlyList<(string Name, object Value)> varying)
    {
        if (Columns.Of(values.Expressions) is not { } columns)
        {
            return null;
        }

        try
        {
            using var command = _provider.CreateQuery<object?[]>(rows).CreateDbCommand();
            return Statement.Of(command, columns, varying);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The rows of a statement, each to be used before the next is asked for.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="values">What varies, in the order in which it was made.</param>
    /// <param name="otherwise">The query that it was made of, for when the database gives other columns; null once it is known not to.</param>
    public async IAsyncEnumerable<RowValues> RowsAsync(Statement? statement, IReadOnlyList<object> values, Expression? otherwise)
    {
        if (statement is not null)
        {
            var (command, reader) = await OpenAsync(statement, values);
            await using var ends = command;
            await using var rows = reader;
            if (statement.Prove(reader) || otherwise is null)
            {
                var row = statement.Row(reader);
                while (await NextAsync(reader))
                {
                    yield return row;
                }

                yield break;
            }
        }

        await foreach (var row in RowsAsync(otherwise!))
        {
            yield return new KeptRow(row);
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _end.Dispose();
        Timeout.Dispose();
    }

    private IAsyncEnumerator<object?[]> Open(Expression rows, CancellationToken cancellationToken)
    {
        try
        {
            return _provider.ExecuteAsync<IAsyncEnumerable<object?[]>>(rows, _end.Token)
                .GetAsyncEnumerator(cancellationToken.CanBeCanceled ? cancellationToken : _end.Token);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    private async Task<(DbCommand Command, DbDataReader Reader)> OpenAsync(Statement statement, IReadOnlyList<object> values)
    {
        try
        {
            return await _statements.OpenAsync(statement, values, _end.Token);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    private async ValueTask<bool> NextAsync(DbDataReader reader)
    {
        try
        {
            return await reader.ReadAsync(_end.Token);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<object?[]> enumerator)
    {
        try
        {
            return await enumerator.MoveNextAsync();
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    private static void Interrupt(SqliteConnection connection)
    {
        if (connection.Handle is { } handle)
        {
            raw.sqlite3_interrupt(handle);
        }
    }

    /// <summary>What an exception says about the request; null when it says that the server failed.</summary>
    private Exception? Fault(Exception e) => e switch
    {
        _ when _caller.IsCancellationRequested => e is OperationCanceledException ? null : new OperationCanceledException(e.Message, e, _caller),
        _ when Timeout.IsCancellationRequested => TooLong(),
        InvalidOperationException or NotSupportedException => ODataFault.NotImplemented(Asked, "the database can't evaluate this, and the server does not do it in its place.", e),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => TooLong(),
        PostgresException postgres when postgres.SqlState.StartsWith("22", StringComparison.Ordinal) => Unfit(e),
        PostgresException postgres when postgres.SqlState.StartsWith("42", StringComparison.Ordinal) || postgres.SqlState.StartsWith("54", StringComparison.Ordinal) =>
            ODataFault.NotImplemented(Asked, "the database can't evaluate this.", e),
        SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } => Unfit(e),
        OverflowException or InvalidCastException => Unfit(e),
        _ => null,
    };

    private ODataFault Unfit(Exception e) => new(
        StatusCodes.Status400BadRequest,
        "BadRequest",
        "A value in the query, or a result of it, is outside of what the database can represent.",
        Asked,
        e);

    private ODataFault TooLong() => new(
        StatusCodes.Status503ServiceUnavailable,
        "LimitExceeded",
        $"The database worked on the query for more than {_context.Limits.QueryTimeout}, which is the limit (OData:{nameof(ODataOptions.QueryTimeout)}). Ask for less, or filter by Id or by a moment.",
        Asked);
}
