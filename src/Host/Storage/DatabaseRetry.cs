using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// Repeats what failed by a fault that passes by itself, for up to a minute. What is repeated gets a new context each time and must
/// not change anything outside of it but what it overwrites.
/// </summary>
internal sealed partial class DatabaseRetry(IDbContextFactory<AppDb> contexts, Database database, TimeProvider clock, ILogger<DatabaseRetry> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>SQLite has room for one writer: here the others wait in order, without holding a thread.</summary>
    private readonly SemaphoreSlim? _writer = database.Postgres is null ? new SemaphoreSlim(1, 1) : null;

    public Task<T> ReadAsync<T>(Func<AppDb, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => RepeatAsync(
        async token =>
        {
            await using var db = await contexts.CreateDbContextAsync(token);
            return await read(db, token);
        },
        cancellationToken);

    /// <summary>All of it or nothing, and once: also when the connection was lost while the commit was on its way.</summary>
    public async Task<T> RunInTransactionAsync<T>(Func<AppDb, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            await _writer.WaitAsync(cancellationToken);
        }

        try
        {
            return await RepeatAsync(token => RunOnceAsync(work, token), cancellationToken);
        }
        finally
        {
            _writer?.Release();
        }
    }

    /// <inheritdoc cref="RunInTransactionAsync{T}"/>
    public Task RunInTransactionAsync(Func<AppDb, CancellationToken, Task> work, CancellationToken cancellationToken) => RunInTransactionAsync(
        async (db, token) =>
        {
            await work(db, token);
            return true;
        },
        cancellationToken);

    public async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var delay = FirstDelay;
        var told = false;
        while (true)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (Exception exception) when (TransientFaults.IsTransient(exception) && clock.GetElapsedTime(started) < Limit)
            {
                // Collisions are daily business; what lasts is an outage.
                if (delay == LongestDelay && !told)
                {
                    told = true;
                    LogOutage(database.Description, exception.Message, (int)Limit.TotalSeconds);
                }
            }

            // Spread, so that those who collided don't meet again.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private async Task<T> RunOnceAsync<T>(Func<AppDb, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await work(db, cancellationToken);
        var number = database.Postgres is null ? null : await NumberAsync(db, cancellationToken);
        try
        {
            // Not cut off in the middle: its outcome would be unknown.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception exception) when (number is not null && TransientFaults.IsTransient(exception))
        {
            if (!await IsCommittedAsync(number, exception, cancellationToken))
            {
                throw;
            }
        }

        return result;
    }

    /// <summary>PostgreSQL's number of the transaction; null when it has written nothing.</summary>
    private static Task<string?> NumberAsync(AppDb db, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<string?>($"SELECT pg_current_xact_id_if_assigned()::text AS \"Value\"").SingleAsync(cancellationToken);

    private async Task<bool> IsCommittedAsync(string number, Exception fault, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < Limit)
        {
            var status = await ReadAsync(
                (db, token) => db.Database.SqlQuery<string?>($"SELECT pg_xact_status({number}::xid8) AS \"Value\"").SingleAsync(token), cancellationToken);
            if (status is "committed" or "aborted")
            {
                return status == "committed";
            }

            // The server has not noticed yet that its client is gone.
            await Task.Delay(FirstDelay, clock, cancellationToken);
        }

        throw new StorageException("The connection to the database was lost while a change was being stored, and it can't be found out whether it was.", fault);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Database} can't be used for the moment: {Reason}. It is tried again for {Seconds} s")]
    private partial void LogOutage(string database, string reason, int seconds);
}
