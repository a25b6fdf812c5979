namespace ContainerGroups.Host.Storage;

/// <summary>One run of anything: what jobs and project updates share, in one table, so that their ids never collide (as in AWX).</summary>
public abstract class UnifiedJob : NamedEntity
{
    /// <summary>AWX's type: <c>job</c>, <c>project_update</c>, <c>ad_hoc_command</c>; set by the store, which takes any value but null as given.</summary>
    public string Type { get; private set; } = null!;

    /// <summary>One of <see cref="JobStatuses"/>; changed only by conditional updates that <c>JobStateMachine</c> allows.</summary>
    public string Status { get; set; } = JobStatuses.New;

    /// <summary>One of <see cref="LaunchTypes"/>.</summary>
    public string LaunchType { get; set; } = LaunchTypes.Manual;

    /// <summary>The schedule that launched it; null when none did, or it is gone.</summary>
    public long? ScheduleId { get; set; }

    public Schedule? Schedule { get; set; }

    public long? OrganizationId { get; set; }

    public Organization? Organization { get; set; }

    public long? ExecutionEnvironmentId { get; set; }

    public ExecutionEnvironment? ExecutionEnvironment { get; set; }

    /// <summary>True for failed, error and canceled.</summary>
    public bool Failed { get; set; }

    /// <summary>When it first ran, UTC; never cleared.</summary>
    public DateTime? Started { get; set; }

    public DateTime? Finished { get; set; }

    /// <summary>When a cancel was asked for, UTC; the wish itself, which survives restarts.</summary>
    public DateTime? CanceledOn { get; set; }

    /// <summary>Seconds from <see cref="Started"/> to <see cref="Finished"/>, three decimals; 0 while unfinished.</summary>
    public double ElapsedSeconds { get; set; }

    /// <summary>One plain sentence on why it waits or how it ended; empty on success.</summary>
    public string JobExplanation { get; set; } = "";

    public string ResultTraceback { get; set; } = "";

    /// <summary>Seconds; 0 for no limit.</summary>
    public int Timeout { get; set; }

    /// <summary>The instance it runs on; empty for container groups.</summary>
    public string ExecutionNode { get; set; } = "";

    /// <summary>The host that runs it.</summary>
    public string ControllerNode { get; set; } = "";

    /// <summary>The argv of the program, a JSON array; empty before the start.</summary>
    public string JobArgs { get; set; } = "";

    public string JobCwd { get; set; } = "";

    /// <summary>The program's variables with secrets masked, a JSON object.</summary>
    public string JobEnv { get; set; } = "{}";

    /// <summary>Whether all events and output are stored; false while active: AWX's command line takes the status for final when it is true.</summary>
    public bool EventProcessingFinished { get; set; }

    /// <summary>Bytes of text stored.</summary>
    public long OutputOffset { get; set; }

    /// <summary>The number of lines stored: where the next event starts.</summary>
    public long OutputLines { get; set; }
}

/// <summary>AWX's statuses of a job.</summary>
public static class JobStatuses
{
    public const string New = "new";
    public const string Pending = "pending";
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Successful = "successful";
    public const string Failed = "failed";
    public const string Error = "error";
    public const string Canceled = "canceled";
}

/// <summary>AWX's reasons for a launch.</summary>
public static class LaunchTypes
{
    public const string Manual = "manual";
    public const string Relaunch = "relaunch";
    public const string Dependency = "dependency";
    public const string Scheduled = "scheduled";
    public const string Sync = "sync";
}

/// <summary>One synchronisation of a project with its source.</summary>
public sealed class ProjectUpdate : UnifiedJob
{
    public long ProjectId { get; set; }

    public Project Project { get; set; } = null!;

    /// <summary>The commit it brought; empty until it succeeded.</summary>
    public string ScmRevision { get; set; } = "";

    /// <summary>Grows with every claim; the writes of an updater carry it, so that one that lost the update changes nothing.</summary>
    public int ClaimEpoch { get; set; }
}
