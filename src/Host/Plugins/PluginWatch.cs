using ContainerGroups.Host.Files;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

/// <summary>Looks at the plugin directories whenever something in them has changed, for as long as the server runs.</summary>
internal sealed partial class PluginWatch(
    PluginCatalog catalog,
    PluginStatusStore statuses,
    IOptions<PluginsOptions> options,
    PluginHost host,
    TimeProvider clock,
    ILogger<PluginWatch> logger) : BackgroundService
{
    private static readonly FileChangesPace Pace = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = new FileChanges(options.Value.ResolveDirectories(AppContext.BaseDirectory), Pace, clock, logger);
        IReadOnlyList<PluginInfo>? saved = null;
        var failed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await catalog.RefreshAsync(host.Context, stoppingToken))
                {
                    // A copy may be in progress: the second look comes after a moment of rest.
                    await Task.Delay(Pace.Rest, clock, stoppingToken);
                }

                if (catalog.Plugins is var plugins && plugins != saved)
                {
                    await statuses.SaveAsync(plugins, stoppingToken);
                    saved = plugins;
                }

                failed = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Once for each streak; the next change, or the rescan, tries again.
                if (!failed)
                {
                    LogFailed(e);
                }

                failed = true;
            }

            await WaitAsync(changes, stoppingToken);
        }
    }

    private static async Task WaitAsync(FileChanges changes, CancellationToken stoppingToken)
    {
        try
        {
            await changes.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The plugin directories could not be looked at; this is tried again.")]
    private partial void LogFailed(Exception e);
}
