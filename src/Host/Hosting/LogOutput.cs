using Microsoft.Extensions.Logging.Console;

namespace ContainerGroups.Host.Hosting;

/// <summary>Where the log goes: standard output for a server; the <c>run</c> command keeps that for its job.</summary>
internal static class LogOutput
{
    public static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole(o => o.FormatterName = LogLine.FormatterName);
        logging.AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();
    }

    /// <summary>Warnings and worse, to standard error.</summary>
    public static void Quiet(ILoggingBuilder logging)
    {
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter(level => level >= LogLevel.Warning);
    }
}
