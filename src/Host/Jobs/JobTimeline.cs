using ContainerGroups.Abstractions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>Names of the phases that the host writes; the backend's are in <see cref="EnvironmentPhases"/>.</summary>
internal static class JobPhaseNames
{
    public const string Created = "created";
    public const string Claimed = "claimed";
    public const string Started = "started";
    public const string FirstByte = "first byte";
    public const string Exited = "exited";
    public const string OutputComplete = "output complete";
    public const string Destroyed = "destroyed";

    /// <summary>The host was restarted, or lost the environment for a while, and found it again.</summary>
    public const string Reattached = "reattached";

    /// <summary>A group refused the job, or its environment was lost before the program was started.</summary>
    public const string Refused = "refused";

    public const string CancelRequested = "cancel requested";
}

/// <summary>
/// Phases that were reached and are not stored yet. They go into the transaction of the next write of the job, so that a timeline
/// costs no transactions of its own. Safe for any thread.
/// </summary>
internal sealed class JobTimeline(long jobId, int attempt, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private List<JobPhase> _pending = [];

    public int Attempt { get; } = attempt;

    public void Mark(string phase, string detail = "")
    {
        var row = new JobPhase { JobId = jobId, Attempt = Attempt, Name = phase, At = clock.GetUtcNow().UtcDateTime, Detail = detail };
        lock (_lock)
        {
            _pending.Add(row);
        }
    }

    /// <summary>Takes out what is pending; a write that failed gives it back.</summary>
    public IReadOnlyList<JobPhase> Take()
    {
        lock (_lock)
        {
            var taken = _pending;
            _pending = [];
            return taken;
        }
    }

    public void GiveBack(IReadOnlyList<JobPhase> phases)
    {
        lock (_lock)
        {
            _pending.InsertRange(0, phases);
        }
    }
}
