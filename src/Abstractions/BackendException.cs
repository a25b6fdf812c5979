namespace ContainerGroups.Abstractions;

/// <summary>Why a backend could not do what it was asked. Not to be confused with <see cref="JobExit"/>: there the program ended.</summary>
public enum BackendFailureReason
{
    /// <summary>None of the others; the message says what.</summary>
    Unknown,

    /// <summary>A setting of the group or job can't be used.</summary>
    InvalidSettings,

    /// <summary>The other side does not know us: a token is wrong or has expired.</summary>
    Unauthorized,

    /// <summary>The other side knows us and refuses: a permission is missing, an admission rule said no.</summary>
    Forbidden,

    /// <summary>The other side can't be reached or does not answer in time.</summary>
    Unreachable,

    /// <summary>A quota has no room for the environment.</summary>
    QuotaExceeded,

    /// <summary>No machine has room for the environment now; one may have later.</summary>
    InsufficientCapacity,

    /// <summary>No machine will ever take the environment as it is described (selector, affinity, taint).</summary>
    Unschedulable,

    /// <summary>The image can't be had.</summary>
    ImagePullFailed,

    /// <summary>The image lacks what the supervisor needs; the message names it.</summary>
    UnsuitableImage,

    /// <summary>The environment was not ready in time.</summary>
    StartTimeout,

    /// <summary>The environment is gone, or what it held is: nobody knows how the program ended.</summary>
    EnvironmentLost,

    /// <summary>The cluster took the environment away to make room or drain a node.</summary>
    Evicted,

    /// <summary>The disk on which the environment lives is full.</summary>
    DiskFull,

    /// <summary>The program to run does not exist or can't be executed.</summary>
    ProgramNotFound,
}

/// <summary>The only exception that a backend throws on purpose. Anything else is a fault of the plugin and is reported as such.</summary>
public sealed class BackendException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Which kind of failure.</param>
    /// <param name="message">One plain sentence for the user: the other side's own words, plus what to do. No secrets.</param>
    /// <param name="isTransient">Whether the same call may succeed a little later without anybody changing anything.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public BackendException(BackendFailureReason reason, string message, bool isTransient = false, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        IsTransient = isTransient;
    }

    /// <summary>Which kind of failure.</summary>
    public BackendFailureReason Reason { get; }

    /// <summary>Whether the same call may succeed a little later without anybody changing anything.</summary>
    public bool IsTransient { get; }

    /// <summary>How long the other side asked to wait before the next try; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
