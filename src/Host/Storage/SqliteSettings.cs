using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ContainerGroups.Host.Storage;

/// <summary>Sets up every SQLite connection once, when it is opened for the first time.</summary>
internal sealed class SqliteSettings : DbConnectionInterceptor
{
    // NORMAL with a write-ahead log: a power cut may undo the last transactions but never damages the file, and a killed
    // process loses nothing. The engine waits for a lock itself, in milliseconds, where the driver would sleep 150 at a time.
    // No memory mapping: an error of the disk would end the process instead of the statement.
    private const string Settings = """
        PRAGMA synchronous = NORMAL;
        PRAGMA busy_timeout = 10000;
        PRAGMA cache_size = -8000;
        PRAGMA temp_store = MEMORY;
        PRAGMA journal_size_limit = 67108864;
        """;

    /// <summary>A pool hands the same handle out again and again, and the settings stay with it.</summary>
    private readonly ConditionalWeakTable<object, object> _done = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    private void Apply(SqliteConnection connection)
    {
        if (connection.Handle is not { } handle || _done.TryGetValue(handle, out _))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
        _done.AddOrUpdate(handle, handle);
    }
}
