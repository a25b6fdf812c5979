namespace ContainerGroups.Host.Storage;

/// <summary>Another runner has the job now, or its row is gone: whoever sees this stops, and has changed nothing.</summary>
internal sealed class ClaimLostException(long jobId) : Exception($"The claim on job {jobId} is lost.")
{
    public long JobId { get; } = jobId;
}
