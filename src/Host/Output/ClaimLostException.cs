namespace ContainerGroups.Host.Output;

/// <summary>Another runner has taken the job: nothing of the rejected write was stored, and whoever wrote it has to let go of the job.</summary>
internal sealed class ClaimLostException(long jobId)
    : Exception($"Job {jobId} has been taken over by another runner; its output was not stored twice.")
{
    public long JobId { get; } = jobId;
}
