using System.Linq.Expressions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>Which status may follow which. Nothing else decides that.</summary>
internal static class JobStateMachine
{
    private static readonly Dictionary<string, string[]> Successors = new(StringComparer.Ordinal)
    {
        [JobStatuses.New] = [JobStatuses.Pending, JobStatuses.Canceled],
        [JobStatuses.Pending] = [JobStatuses.Waiting, JobStatuses.Failed, JobStatuses.Error, JobStatuses.Canceled],
        // Back to pending: the group refused before the program was started.
        [JobStatuses.Waiting] = [JobStatuses.Pending, JobStatuses.Running, JobStatuses.Failed, JobStatuses.Error, JobStatuses.Canceled],
        // A program that may have run is never sent back.
        [JobStatuses.Running] = [JobStatuses.Successful, JobStatuses.Failed, JobStatuses.Error, JobStatuses.Canceled],
        [JobStatuses.Successful] = [],
        [JobStatuses.Failed] = [],
        [JobStatuses.Error] = [],
        [JobStatuses.Canceled] = [],
    };

    /// <summary>As literals: a list of values would have its SQL written anew with every write.</summary>
    private static readonly Dictionary<string, Expression<Func<Job, bool>>> MayBe =
        Successors.Keys.ToDictionary(to => to, to => IsOneOf([.. Predecessors(to), to]), StringComparer.Ordinal);

    /// <summary>Every status there is.</summary>
    public static IReadOnlyCollection<string> All => Successors.Keys;

    /// <summary>What AWX calls active: it holds, or will hold, capacity.</summary>
    public static IReadOnlyList<string> Active { get; } = [JobStatuses.Pending, JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>Placed on a group: it counts against the group's and the instance's limits.</summary>
    public static Expression<Func<Job, bool>> IsPlaced { get; } =
        job => job.Status == JobStatuses.Waiting || job.Status == JobStatuses.Running;

    /// <summary>Not yet ended.</summary>
    public static Expression<Func<Job, bool>> IsUnfinished { get; } = job =>
        job.Status == JobStatuses.New || job.Status == JobStatuses.Pending || job.Status == JobStatuses.Waiting || job.Status == JobStatuses.Running;

    public static bool CanMove(string from, string to) => Successors.TryGetValue(from, out var next) && next.Contains(to);

    public static bool IsFinal(string status) => Successors.TryGetValue(status, out var next) && next.Length == 0;

    public static bool CanCancel(string status) => CanMove(status, JobStatuses.Canceled);

    /// <summary>The statuses from which <paramref name="to"/> may be reached: the condition of every conditional update.</summary>
    public static IReadOnlyList<string> Predecessors(string to) => [.. Successors.Where(s => s.Value.Contains(to)).Select(s => s.Key)];

    /// <summary>A job that may move to <paramref name="to"/>, or has: a write that was stored while its answer was lost is repeated.</summary>
    public static Expression<Func<Job, bool>> MayMoveTo(string to) => MayBe[to];

    private static Expression<Func<Job, bool>> IsOneOf(IEnumerable<string> statuses)
    {
        var job = Expression.Parameter(typeof(Job), "job");
        var status = Expression.Property(job, nameof(Job.Status));
        var isOne = statuses.Select(one => Expression.Equal(status, Expression.Constant(one))).Aggregate(Expression.OrElse);
        return Expression.Lambda<Func<Job, bool>>(isOne, job);
    }

    /// <summary>AWX's <c>failed</c> flag.</summary>
    public static bool CountsAsFailed(string status) => status is JobStatuses.Failed or JobStatuses.Error or JobStatuses.Canceled;
}
