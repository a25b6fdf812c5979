using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Which jobs keep the objects that they use from being deleted, and how many an answer lists.</summary>
internal static class ActiveJobs
{
    public const int MaxListed = 100;

    public static readonly IReadOnlyList<string> Statuses = [JobStatuses.New, JobStatuses.Pending, JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>The statuses in which a job takes capacity.</summary>
    public static readonly IReadOnlyList<string> Consuming = [JobStatuses.Waiting, JobStatuses.Running];
}
