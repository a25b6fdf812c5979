using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// Lets SQLite compile a statement once per kept connection, not each time that it runs. Those used last are kept, as many as
/// <see cref="MostPerConnection"/>; the engine itself compiles them again when the schema has changed.
/// </summary>
internal sealed class KeptStatements : DbCommandInterceptor
{
    private const int MostPerConnection = 64;

    private readonly ConditionalWeakTable<SqliteConnection, Idle> _idle = [];

    public override InterceptionResult<DbCommand> CommandCreating(CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result)
    {
        if (eventData.Connection is not SqliteConnection connection
            || eventData.Context?.GetService<IRelationalConnection>() is not KeptConnection { IsKept: true })
        {
            return result;
        }

        var command = new KeptCommand(_idle.GetOrCreateValue(connection)) { Connection = connection };
        return InterceptionResult<DbCommand>.SuppressWithResult(command);
    }

    /// <summary>Its text is known now: runs it by the statement that is there for it.</summary>
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (result is not KeptCommand asked || asked.Idle.Take(asked) is not { } known)
        {
            return result;
        }

        known.CommandTimeout = asked.CommandTimeout;
        known.Transaction = asked.Transaction;
        foreach (SqliteParameter parameter in asked.Parameters)
        {
            known.Parameters.Add(parameter);
        }

        asked.Discard();
        return known;
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => (command as KeptCommand)?.Spoil();

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        (command as KeptCommand)?.Spoil();
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => (command as KeptCommand)?.Spoil();

    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        (command as KeptCommand)?.Spoil();
        return Task.CompletedTask;
    }

    /// <summary>The commands of a connection that nobody uses now. A connection is used by one caller at a time.</summary>
    private sealed class Idle
    {
        private readonly OrderedDictionary<string, KeptCommand> _commands = new(StringComparer.Ordinal);
        private object? _handle;

        public KeptCommand? Take(KeptCommand asked)
        {
            var handle = asked.Connection?.Handle;
            if (!ReferenceEquals(handle, _handle))
            {
                // The connection was closed meanwhile, which ended its statements.
                DiscardAll();
                _handle = handle;
            }

            return _commands.Remove(asked.CommandText, out var known) ? known : null;
        }

        /// <returns>Whether it was taken back.</returns>
        public bool Put(KeptCommand command)
        {
            if (_handle is null || !ReferenceEquals(command.Connection?.Handle, _handle) || !_commands.TryAdd(command.CommandText, command))
            {
                return false;
            }

            if (_commands.Count > MostPerConnection)
            {
                var oldest = _commands.GetAt(0).Value;
                _commands.RemoveAt(0);
                oldest.Discard();
            }

            return true;
        }

        private void DiscardAll()
        {
            foreach (var command in _commands.Values)
            {
                command.Discard();
            }

            _commands.Clear();
        }
    }

    /// <summary>A command that, when its user is done with it, waits for the next who wants the same.</summary>
    private sealed class KeptCommand(Idle idle) : SqliteCommand
    {
        private bool _isSpoiled;

        public Idle Idle { get; } = idle;

        /// <summary>It stopped in the middle: nobody is to go on with it.</summary>
        public void Spoil() => _isSpoiled = true;

        public void Discard() => base.Dispose(true);

        protected override void Dispose(bool disposing)
        {
            if (!disposing)
            {
                base.Dispose(disposing);
                return;
            }

            Parameters.Clear();
            Transaction = null;
            if (_isSpoiled || !Idle.Put(this))
            {
                Discard();
            }
        }
    }
}
