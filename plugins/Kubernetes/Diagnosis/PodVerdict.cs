using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>What a pod's own status says about whether it can take a job.</summary>
internal abstract record PodVerdict
{
    private PodVerdict()
    {
    }

    /// <summary>The worker runs.</summary>
    public sealed record Ready : PodVerdict;

    /// <summary>Not yet; nothing is wrong so far.</summary>
    /// <param name="Words">What it is at, in Kubernetes' own words; may be empty.</param>
    public sealed record Coming(string Words) : PodVerdict;

    /// <summary>No node has room; one may have later.</summary>
    /// <param name="Words">The scheduler's.</param>
    public sealed record WaitsForRoom(string Words) : PodVerdict;

    /// <summary>Something failed that Kubernetes tries again by itself, and that may come right within a while.</summary>
    /// <param name="Reason">What it is taken for when it does not.</param>
    /// <param name="Words">Kubernetes' own.</param>
    public sealed record Struggles(BackendFailureReason Reason, string Words) : PodVerdict;

    /// <summary>It will never take the job, or not any more.</summary>
    public sealed record Failed(BackendException Failure) : PodVerdict;
}
