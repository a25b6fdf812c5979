using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>How a job ends.</summary>
internal sealed record JobEnd
{
    /// <summary>One of the final <see cref="JobStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One plain sentence; empty on success.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>More for whoever looks into it; empty when there is none.</summary>
    public string Traceback { get; init; } = "";

    /// <summary>The program's own exit code; null when it left none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long it ran; null when nobody knows better than the time at which its end was seen.</summary>
    public TimeSpan? RunTime { get; init; }

    public static JobEnd Successful { get; } = new() { Status = JobStatuses.Successful, ExitCode = 0 };

    public static JobEnd Canceled { get; } = new() { Status = JobStatuses.Canceled };

    public static JobEnd Failed(string explanation) => new() { Status = JobStatuses.Failed, Explanation = explanation };

    public static JobEnd Error(string explanation, string traceback = "") =>
        new() { Status = JobStatuses.Error, Explanation = explanation, Traceback = traceback };
}

/// <summary>Why and how a job goes back to the queue.</summary>
internal sealed record Requeue
{
    public required string Explanation { get; init; }

    /// <summary>As stored in the job's row.</summary>
    public required string RefusedInstanceGroups { get; init; }

    /// <summary>Since when groups have refused it or let it wait for room, UTC.</summary>
    public required DateTime RefusedSince { get; init; }

    /// <summary>Whether it is because its environment was lost: that may happen a few times only.</summary>
    public bool EnvironmentLost { get; init; }

    /// <summary>When it may be claimed again, UTC; null for at once.</summary>
    public DateTime? NotBefore { get; init; }
}
