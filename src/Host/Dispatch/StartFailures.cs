using ContainerGroups.Abstractions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Dispatch;

/// <summary>What is done with a job whose program was not started.</summary>
internal enum StartFailureAction
{
    /// <summary>It ends as <c>error</c>, now.</summary>
    GiveUp,

    /// <summary>Back to the queue: the next group of its preference order, or the same one later.</summary>
    TryElsewhere,

    /// <summary>A new environment in the same group.</summary>
    NewAttempt,
}

/// <summary>The table of our failures before the program was started (design, section 5). Pure.</summary>
internal static class StartFailures
{
    /// <param name="failure">What the backend said.</param>
    /// <param name="lostBefore">How many environments the job has lost before this one.</param>
    /// <param name="refusedFor">How long the job has been refused by now.</param>
    /// <param name="options">The limits.</param>
    public static StartFailureAction Decide(BackendException failure, int lostBefore, TimeSpan refusedFor, DispatchOptions options) =>
        failure.Reason switch
        {
            BackendFailureReason.InvalidSettings
                or BackendFailureReason.Forbidden
                or BackendFailureReason.UnsuitableImage
                or BackendFailureReason.Unschedulable
                or BackendFailureReason.ProgramNotFound => StartFailureAction.GiveUp,
            BackendFailureReason.EnvironmentLost or BackendFailureReason.Evicted =>
                lostBefore + 1 < options.MaxAttempts ? StartFailureAction.NewAttempt : StartFailureAction.GiveUp,
            BackendFailureReason.ImagePullFailed or BackendFailureReason.Unknown when !failure.IsTransient => StartFailureAction.GiveUp,
            _ => refusedFor < options.PendingTimeout ? StartFailureAction.TryElsewhere : StartFailureAction.GiveUp,
        };

    /// <summary>Why the job ends by it. A backend says what is missing; what playbooks take is known here.</summary>
    public static string Explain(BackendException failure, string jobType) =>
        failure.Reason == BackendFailureReason.ProgramNotFound && jobType != JobTypes.Command
            ? $"{failure.Message} The machine or the image needs ansible-core and ansible-runner to run playbooks."
            : failure.Message;

    /// <summary>How long the job waits when every group of its preference order has refused.</summary>
    public static TimeSpan Delay(int earlierFailures, TimeSpan? asked, DispatchOptions options)
    {
        var doubled = options.RetryDelay * Math.Pow(2, Math.Min(earlierFailures, 20));
        var own = doubled < options.MaxRetryDelay ? doubled : options.MaxRetryDelay;
        return asked is { } retryAfter && retryAfter > own ? retryAfter : own;
    }
}
