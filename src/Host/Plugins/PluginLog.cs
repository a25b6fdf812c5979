using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin's lines in the server's log, under the category <c>Plugin.ID</c>.</summary>
internal sealed partial class PluginLog(ILoggerFactory loggers, string pluginId) : IPluginLog
{
    private readonly ILogger _logger = loggers.CreateLogger($"Plugin.{pluginId}");

    public void Write(PluginLogLevel level, string message, Exception? exception = null) =>
        // The plugin's text is a value, not a template: braces in it mean nothing.
        LogLine(_logger, Level(level), message ?? "", exception);

    private static LogLevel Level(PluginLogLevel level) => level switch
    {
        PluginLogLevel.Debug => LogLevel.Debug,
        PluginLogLevel.Information => LogLevel.Information,
        PluginLogLevel.Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    [LoggerMessage(Message = "{Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string line, Exception? exception);
}
