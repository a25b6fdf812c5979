namespace ContainerGroups.Host.Dispatch;

/// <summary>The section <c>Dispatch</c> of the configuration.</summary>
internal sealed class DispatchOptions
{
    public const string Section = "Dispatch";

    /// <summary>How long a job waits for room in a group before the next group of its preference order is tried.</summary>
    public TimeSpan FallbackAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a job is tried again and again, counted from the first refusal, before it ends as <c>error</c>.</summary>
    public TimeSpan PendingTimeout { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How many environments a job may get when they are lost before the program was started.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>The first delay after a refusal; it doubles with each.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest delay after a refusal.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a program that is canceled or out of time is asked politely before it is killed.</summary>
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How old an environment without an owner must be before it is swept away: it may be somebody's who is about to say so.</summary>
    public TimeSpan SweepGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The time between two sweeps.</summary>
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a host may be silent before its jobs are taken over, where any host can reach them.</summary>
    public TimeSpan HostSilentAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The time after which everything is looked at again even though nobody called.</summary>
    public TimeSpan SafetyPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most jobs that one transaction claims.</summary>
    public int ClaimBatch { get; set; } = 100;
}
