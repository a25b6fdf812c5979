using ContainerGroups.Host.Access;

namespace ContainerGroups.Host.Cli;

/// <summary>
/// The connection of a command, made anew when it breaks. Without a named server the new one may be our own: the process that
/// served the data directory has gone, and its jobs are ours to follow now.
/// </summary>
internal sealed class ServerLink(ConnectionSettings settings, Terminal terminal) : IAsyncDisposable
{
    /// <summary>Longer than a server's restart.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly FirstPassword _firstPassword = new(async password => await terminal.SayAsync(
        $"new data directory {settings.DataDirectory}; administrator {AdminSeed.AdminName}, password, shown only now: {password}"));

    private ServerConnection? _connection;

    public ConnectionSettings Settings { get; } = settings;

    public ApiClient Api => _connection?.Api ?? throw new InvalidOperationException("The link is not open.");

    public bool IsEmbedded => _connection?.IsEmbedded == true;

    public async Task OpenAsync(CancellationToken cancellationToken) =>
        _connection = await ServerConnection.OpenAsync(Settings, _firstPassword, cancellationToken);

    /// <exception cref="CliException">The server has been away for too long; the job goes on without us.</exception>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await DisposeAsync();
                await OpenAsync(cancellationToken);
                await Api.GetAsync("/api/v2/ping/", cancellationToken);
                return;
            }
            catch (ServerUnreachableException e)
            {
                if (TimeProvider.System.GetElapsedTime(begin) > Patience)
                {
                    throw new CliException(ExitCodes.LeftRunning, e.Message, e);
                }
            }

            await Task.Delay(BetweenAttempts, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }
}
