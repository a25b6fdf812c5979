using System.Data.Common;
using System.Diagnostics;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>Runs statements on the connection of a context, and tells its log of them, as of every other one.</summary>
internal sealed class StatementRun(AppDb db, TimeProvider clock)
{
    private readonly IRelationalConnection _connection = db.GetService<IRelationalConnection>();
    private readonly IRelationalCommandDiagnosticsLogger _log = db.GetService<IRelationalCommandDiagnosticsLogger>();
    private bool _isOpen;

    /// <summary>The rows, and the command, which ends them when it is disposed of.</summary>
    public async Task<(DbCommand Command, DbDataReader Reader)> OpenAsync(Statement statement, IReadOnlyList<object> values, CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            // Closed with the context: what is expanded is read by the same connection.
            await db.Database.OpenConnectionAsync(cancellationToken);
            _isOpen = true;
        }

        var command = statement.Command(_connection.DbConnection, values);
        var (id, start, watch) = (Guid.NewGuid(), clock.GetUtcNow(), Stopwatch.GetTimestamp());
        await _log.CommandReaderExecutingAsync(
            _connection, command, command.CommandText, db, id, _connection.ConnectionId, start, CommandSource.LinqQuery, cancellationToken);
        try
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken);
            reader = await _log.CommandReaderExecutedAsync(
                _connection, command, command.CommandText, db, id, _connection.ConnectionId, reader, start, Stopwatch.GetElapsedTime(watch), CommandSource.LinqQuery, cancellationToken);
            return (command, reader);
        }
        catch (Exception e)
        {
            await _log.CommandErrorAsync(
                _connection, command, command.CommandText, db, DbCommandMethod.ExecuteReader, id, _connection.ConnectionId, e, start, Stopwatch.GetElapsedTime(watch), CommandSource.LinqQuery, CancellationToken.None);
            await command.DisposeAsync();
            throw;
        }
    }
}
