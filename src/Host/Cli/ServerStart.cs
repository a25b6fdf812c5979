using System.Net.Sockets;
using ContainerGroups.Host.Hosting;

namespace ContainerGroups.Host.Cli;

/// <summary>Starts the server, and ends in good order what had begun when the start fails: the reason is then all there is to read.</summary>
internal static class ServerStart
{
    public static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (SocketException exception)
        {
            await StopAsync(app);
            var urls = app.Configuration[ConfigurationKeys.Urls];
            throw new CliException(ExitCodes.NoServer, $"{ConfigurationKeys.Urls}: {urls} can't be listened on: {exception.Message}.", exception);
        }
        catch
        {
            await StopAsync(app);
            throw;
        }
    }

    /// <summary>Background work that is not stopped would take the end of the process for a fault of its own, and log that.</summary>
    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // What never came up may not know how to stop; why it didn't come up is what counts.
        }
    }
}
