namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>Something that goes wrong with one request.</summary>
public sealed record Fault
{
    /// <summary>The connection is gone before anything was done: the server never saw the request.</summary>
    public static Fault CutBefore { get; } = new() { CutsBefore = true };

    /// <summary>The request is done and its answer never arrives.</summary>
    public static Fault LoseAnswer { get; } = CutAfter(0);

    /// <summary>As a token that has expired.</summary>
    public static Fault Unauthorized { get; } = Status(401, "Unauthorized", "Unauthorized");

    internal static Fault None { get; } = new();

    internal bool CutsBefore { get; private init; }

    internal long? CutAfterSent { get; private init; }

    internal long? CutAfterReceived { get; private init; }

    internal long? StallAfterSent { get; private init; }

    internal TimeSpan DelayBefore { get; private init; }

    internal int StatusCode { get; private init; }

    internal string Reason { get; private init; } = "";

    internal string Message { get; private init; } = "";

    internal TimeSpan? RetryAfter { get; private init; }

    /// <summary>An answer with this status, and nothing done.</summary>
    public static Fault Status(int code, string reason, string message, TimeSpan? retryAfter = null) =>
        new() { StatusCode = code, Reason = reason, Message = message, RetryAfter = retryAfter };

    /// <summary>Too many requests, as the API server's own priority and fairness tells it.</summary>
    public static Fault TooManyRequests(TimeSpan retryAfter) =>
        Status(429, "TooManyRequests", "too many requests, please try again later", retryAfter);

    public static Fault InternalError(string message = "Internal error occurred: etcdserver: request timed out") => Status(500, "InternalError", message);

    public static Fault Unavailable(TimeSpan? retryAfter = null) =>
        Status(503, "ServiceUnavailable", "the server is currently unable to handle the request", retryAfter);

    /// <summary>The connection breaks once the server has sent this many bytes of its answer: of the body, or of an exec's stream.</summary>
    public static Fault CutAfter(long bytes) => new() { CutAfterSent = bytes };

    /// <summary>The connection breaks once the server has received this many bytes of an exec's stream.</summary>
    public static Fault CutAfterReceiving(long bytes) => new() { CutAfterReceived = bytes };

    /// <summary>After this many bytes nothing more is sent, and the connection stays open, until <see cref="FaultPlan.EndStalls"/>.</summary>
    public static Fault StallAfter(long bytes) => new() { StallAfterSent = bytes };

    /// <summary>The request waits before it is looked at.</summary>
    public static Fault Delay(TimeSpan delay) => new() { DelayBefore = delay };
}
