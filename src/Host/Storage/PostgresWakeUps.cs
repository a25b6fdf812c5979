using Npgsql;

namespace ContainerGroups.Host.Storage;

/// <summary>Carries wake-ups between the hosts of one PostgreSQL database, by LISTEN and NOTIFY.</summary>
internal sealed partial class PostgresWakeUps : BackgroundService
{
    private const string Channel = "containergroups_wakeups";

    /// <summary>PostgreSQL takes 8000 bytes; what is longer goes without its payload.</summary>
    private const int MostCharacters = 1900;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly WakeUps _wakeUps;
    private readonly TimeProvider _clock;
    private readonly ILogger<PostgresWakeUps> _logger;
    private readonly string _origin = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _unsent = new(0, 1);
    private HashSet<string> _messages = new(StringComparer.Ordinal);

    public PostgresWakeUps(Database database, WakeUps wakeUps, TimeProvider clock, ILogger<PostgresWakeUps> logger)
    {
        (_database, _wakeUps, _clock, _logger) = (database, wakeUps, clock, logger);
        if (database.Postgres is not null)
        {
            wakeUps.Called += Queue;
        }
    }

    public override void Dispose()
    {
        _wakeUps.Called -= Queue;
        _unsent.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _database.Postgres is { } postgres
        ? Task.WhenAll(
            KeepAsync("listen", token => ListenAsync(postgres, token), stoppingToken),
            KeepAsync("send", token => SendAsync(postgres, token), stoppingToken))
        : Task.CompletedTask;

    /// <summary>Repeats what should never end, after a delay that grows as long as nothing works.</summary>
    private async Task KeepAsync(string what, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = _clock.GetTimestamp();
            try
            {
                await run(cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                delay = _clock.GetElapsedTime(started) > LongestDelay ? FirstDelay : delay;
                LogInterrupted(what, exception.Message);
                await Task.Delay(delay, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    private async Task ListenAsync(NpgsqlDataSource postgres, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, e) => Receive(e.Payload);
        await using (var command = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        // What was called while nobody listened is lost.
        _wakeUps.PulseEverythingHere();
        while (true)
        {
            if (!await connection.WaitAsync(LongestDelay * 3, cancellationToken))
            {
                // A connection whose other end is gone without a word stays silent for ever: ask.
                await using var alive = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = 10 };
                await alive.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private void Receive(string message)
    {
        if (message.Split('\n', 3) is [var origin, var name, .. var rest] && origin != _origin)
        {
            _wakeUps.PulseHere(name, rest is [var payload] ? payload : null);
        }
    }

    private void Queue(string name, string? payload)
    {
        lock (_lock)
        {
            _messages.Add(payload is null || payload.Length > MostCharacters ? $"{_origin}\n{name}" : $"{_origin}\n{name}\n{payload}");
            if (_unsent.CurrentCount == 0)
            {
                _unsent.Release();
            }
        }
    }

    private async Task SendAsync(NpgsqlDataSource postgres, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _unsent.WaitAsync(cancellationToken);
            HashSet<string> messages;
            lock (_lock)
            {
                (messages, _messages) = (_messages, new HashSet<string>(StringComparer.Ordinal));
            }

            try
            {
                await using var command = postgres.CreateCommand($"SELECT pg_notify('{Channel}', m) FROM unnest($1) m");
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. messages] });
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch
            {
                Requeue(messages);
                throw;
            }
        }
    }

    private void Requeue(HashSet<string> messages)
    {
        lock (_lock)
        {
            _messages.UnionWith(messages);
            if (_unsent.CurrentCount == 0)
            {
                _unsent.Release();
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Wake-ups between hosts are interrupted ({What}): {Reason}; work goes on more slowly until they are back")]
    private partial void LogInterrupted(string what, string reason);
}
