using System.Linq.Expressions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Which jobs keep the objects that they use from being deleted, and how many an answer lists.</summary>
internal static class ActiveJobs
{
    public const int MaxListed = 100;

    public static readonly IReadOnlyList<string> Statuses = [JobStatuses.New, JobStatuses.Pending, JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>The statuses in which a job takes capacity.</summary>
    public static readonly IReadOnlyList<string> Consuming = [JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>How long after its end a job of which not everything is stored is waited for; then nothing more will come.</summary>
    private static readonly TimeSpan StoringGrace = TimeSpan.FromMinutes(1);

    /// <summary>Whether what a job did may still be on its way into the database.</summary>
    public static Expression<Func<Job, bool>> IsBeingStored(TimeProvider clock)
    {
        var since = clock.GetUtcNow().UtcDateTime - StoringGrace;
        return job => job.Finished != null && job.Finished > since && !job.EventProcessingFinished;
    }
}
