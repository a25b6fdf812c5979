namespace ContainerGroups.Host.Output;

/// <summary>Whether stored output is behind because the store can't be written. Meanwhile running jobs keep their spool.</summary>
internal sealed partial class OutputStall(ILogger<OutputStall> log, TimeProvider time)
{
    private volatile Stalled? _now;

    /// <summary>Why nothing can be stored now; null when all is well.</summary>
    public string? Reason => _now?.Reason;

    public void Begin(string reason)
    {
        if (_now?.Reason != reason)
        {
            LogBegun(reason);
            _now = new Stalled(reason, _now?.Since ?? time.GetUtcNow());
        }
    }

    public void End()
    {
        if (_now is { } stalled)
        {
            _now = null;
            LogEnded((time.GetUtcNow() - stalled.Since).TotalSeconds);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Output of jobs waits to be stored: {Reason}")]
    private partial void LogBegun(string reason);

    [LoggerMessage(2, LogLevel.Information, "Output of jobs is stored again, after {Seconds:0.0} seconds")]
    private partial void LogEnded(double seconds);

    private sealed record Stalled(string Reason, DateTimeOffset Since);
}
