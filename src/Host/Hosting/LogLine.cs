using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ContainerGroups.Host.Hosting;

/// <summary>A message of the log as exactly one line, whatever is in it: readers, and systemd, take lines for messages.</summary>
internal sealed class LogLine(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const string OwnNamespace = "ContainerGroups.Host.";

    /// <summary>systemd tells the severity from a prefix and adds the time itself.</summary>
    private readonly bool _journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (IsStartFailure(logEntry.Category, logEntry.EventId))
        {
            return;
        }

        if (_journal)
        {
            textWriter.Write($"<{Priority(logEntry.LogLevel)}>");
        }
        else
        {
            textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ ", CultureInfo.InvariantCulture));
            textWriter.Write(Word(logEntry.LogLevel));
            textWriter.Write(' ');
        }

        var category = logEntry.Category;
        textWriter.Write(category.StartsWith(OwnNamespace, StringComparison.Ordinal) ? category.AsSpan(OwnNamespace.Length) : category);
        textWriter.Write(": ");
        textWriter.Write(OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(" | ");
            textWriter.Write(OneLine(exception.ToString()));
        }

        textWriter.Write('\n');
    }

    /// <summary>The framework logs a failed start with its stack trace; who started it gets <see cref="StartupFailure"/>'s sentence instead.</summary>
    private static bool IsStartFailure(string category, EventId id) =>
        id.Id == 11 && category == "Microsoft.Extensions.Hosting.Internal.Host";

    private static string OneLine(string? text) => text?.ReplaceLineEndings(" ") ?? "";

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };

    /// <summary>syslog's severities.</summary>
    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => 7,
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Error => 3,
        _ => 2,
    };
}
