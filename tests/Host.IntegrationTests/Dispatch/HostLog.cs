using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>Keeps what a host logs, for the message of a test that waits in vain.</summary>
internal sealed class HostLog(string host) : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lock (_lock)
            {
                _lines.Add($"{host} {logLevel}: {formatter(state, exception)} {exception}");
            }
        }
    }

    public void Dispose()
    {
    }
}
