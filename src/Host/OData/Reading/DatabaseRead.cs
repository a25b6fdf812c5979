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
    private readonly string _options;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _caller;
    private readonly IAsyncQueryProvider _provider;
    private readonly CancellationTokenRegistration _interrupt;

    /// <param name="context">What is read from.</param>
    /// <param name="options">The query options in use, for a refusal.</param>
    /// <param name="clock">Measures the limit.</param>
    /// <param name="caller">Ends when nobody waits any more.</param>
    public DatabaseRead(ReadContext context, string options, TimeProvider clock, CancellationToken caller)
    {
        _context = context;
        _options = options;
        _caller = caller;
        _provider = (IAsyncQueryProvider)((IQueryable)context.Db.Set<InstallationValue>()).Provider;
        Timeout = new CancellationTokenSource(context.Limits.QueryTimeout, clock);
        _end = CancellationTokenSource.CreateLinkedTokenSource(caller, Timeout.Token);
        // The driver can't cancel a statement of SQLite; the engine itself can.
        _interrupt = context.Db.Database.GetDbConnection() is SqliteConnection sqlite ? _end.Token.Register(() => Interrupt(sqlite)) : default;
    }

    private CancellationTokenSource Timeout { get; }

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
        InvalidOperationException or NotSupportedException => ODataFault.NotImplemented(_options, "the database can't evaluate this, and the server does not do it in its place.", e),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => TooLong(),
        PostgresException postgres when postgres.SqlState.StartsWith("22", StringComparison.Ordinal) => Unfit(e),
        PostgresException postgres when postgres.SqlState.StartsWith("42", StringComparison.Ordinal) || postgres.SqlState.StartsWith("54", StringComparison.Ordinal) =>
            ODataFault.NotImplemented(_options, "the database can't evaluate this.", e),
        SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } => Unfit(e),
        OverflowException or InvalidCastException => Unfit(e),
        _ => null,
    };

    private ODataFault Unfit(Exception e) => new(
        StatusCodes.Status400BadRequest,
        "BadRequest",
        "A value in the query, or a result of it, is outside of what the database can represent.",
        _options,
        e);

    private ODataFault TooLong() => new(
        StatusCodes.Status503ServiceUnavailable,
        "LimitExceeded",
        $"The database worked on the query for more than {_context.Limits.QueryTimeout}, which is the limit (OData:{nameof(ODataOptions.QueryTimeout)}). Ask for less, or filter by Id or by a moment.",
        _options);
}
