using ContainerGroups.Host.Access;
using ContainerGroups.Host.Hosting;

namespace ContainerGroups.Host.Cli;

/// <summary>The server inside the command, on a free port of the loopback interface: the same one, reached in the same way.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    /// <summary>Throws what keeps it from starting, as it is.</summary>
    /// <param name="dataDirectory">What it serves.</param>
    /// <param name="firstPassword">Shown to the caller when this start makes the administrator.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<EmbeddedServer> StartAsync(string dataDirectory, FirstPassword firstPassword, CancellationToken cancellationToken)
    {
        var app = HostApp.Build(["--data", dataDirectory, "--urls", "http://127.0.0.1:0"], builder =>
        {
            // The command's own signals and streams: the server takes neither.
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            builder.Services.AddSingleton(firstPassword);
            LogOutput.Quiet(builder.Logging);
        });
        try
        {
            await ServerStart.RunAsync(app, cancellationToken);
            return new EmbeddedServer(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
