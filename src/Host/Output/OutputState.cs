using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>How far a job's text is stored, and whether more may come.</summary>
internal sealed record OutputState
{
    public required string Status { get; init; }

    /// <summary>In bytes.</summary>
    public required long Length { get; init; }

    public required long LineFeeds { get; init; }

    /// <summary>Whether the job has ended: all of its text is stored before that.</summary>
    public bool Ended => Status is JobStatuses.Successful or JobStatuses.Failed or JobStatuses.Error or JobStatuses.Canceled;
}
