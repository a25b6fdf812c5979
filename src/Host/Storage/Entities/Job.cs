namespace ContainerGroups.Host.Storage;

/// <summary>One run of a playbook or a command; an ad hoc command is one too, for all that concerns dispatch, environments and output.</summary>
public class Job : UnifiedJob
{
    /// <summary>One of <see cref="JobTypes"/>.</summary>
    public string JobType { get; set; } = JobTypes.Run;

    /// <summary>The template it was launched from; null for an ad-hoc job, or when the template is gone.</summary>
    public long? JobTemplateId { get; set; }

    public JobTemplate? JobTemplate { get; set; }

    public long? InventoryId { get; set; }

    public Inventory? Inventory { get; set; }

    public long? ProjectId { get; set; }

    public Project? Project { get; set; }

    /// <summary>The update that has to end well before this job starts; null when none is waited for.</summary>
    public long? ProjectUpdateId { get; set; }

    public string Playbook { get; set; } = "";

    /// <summary>The argv of a job of type <c>command</c>, a JSON array.</summary>
    public string Command { get; set; } = "[]";

    public string ScmBranch { get; set; } = "";

    public string ScmRevision { get; set; } = "";

    public int Forks { get; set; }

    public string Limit { get; set; } = "";

    public int Verbosity { get; set; }

    public string ExtraVars { get; set; } = "";

    public string JobTags { get; set; } = "";

    public string SkipTags { get; set; } = "";

    public string StartAtTask { get; set; } = "";

    public bool ForceHandlers { get; set; }

    public bool UseFactCache { get; set; }

    public bool BecomeEnabled { get; set; }

    public bool DiffMode { get; set; }

    public bool AllowSimultaneous { get; set; }

    /// <summary>The forks that it takes of its instance's and group's capacity, by AWX's formula; fixed at launch.</summary>
    public int TaskImpact { get; set; }

    /// <summary>The preferred groups, in order, fixed at launch.</summary>
    public List<JobInstanceGroup> PreferredInstanceGroups { get; } = [];

    /// <summary>The group it was sent to; null before, or when the group is gone.</summary>
    public long? InstanceGroupId { get; set; }

    public InstanceGroup? InstanceGroup { get; set; }

    /// <summary>Grows with every claim; a runner's writes carry it, so that a runner that lost the job changes nothing.</summary>
    public int ClaimEpoch { get; set; }

    /// <summary>Grows when a new environment is provisioned after the one before was destroyed; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>The backend that holds the environment; empty before there is one.</summary>
    public string Backend { get; set; } = "";

    /// <summary>The environment's handle, JSON; null while there is none.</summary>
    public string? EnvironmentHandle { get; set; }

    /// <summary>Whether the program of this attempt may have been started: set before Start is called, so that it is never run twice.</summary>
    public bool StartIntended { get; set; }

    /// <summary>Whether the environment still has to be removed.</summary>
    public bool DestroyPending { get; set; }

    /// <summary>Bytes of the environment's spool that are stored as text and events.</summary>
    public long SpoolOffset { get; set; }

    /// <summary>The claimable moment after a failure that may pass, UTC; null for at once.</summary>
    public DateTime? NotBefore { get; set; }

    /// <summary>Failures in a row before the program was started; the delay grows with it.</summary>
    public int StartFailures { get; set; }

    /// <summary>Environments that were lost before the program was started.</summary>
    public int EnvironmentsLost { get; set; }

    /// <summary>Since when groups have refused it or let it wait for room, UTC; null when none has.</summary>
    public DateTime? RefusedSince { get; set; }

    /// <summary>The groups that refused, and until when they are not tried again: a JSON object from id to Unix milliseconds.</summary>
    public string RefusedInstanceGroups { get; set; } = "{}";

    /// <summary>The program's own exit code; null while it runs, and when a signal or we ended it.</summary>
    public int? ExitCode { get; set; }

    /// <summary>AWX's host_status_counts, a JSON object; null before the recap.</summary>
    public string? HostStatusCounts { get; set; }

    public int PlayCount { get; set; }

    public int TaskCount { get; set; }

    /// <summary>What it gets to log in elsewhere, fixed at launch.</summary>
    public List<JobCredential> Credentials { get; } = [];

    public List<JobLabel> Labels { get; } = [];

    public List<JobPhase> Phases { get; } = [];

    public List<JobEvent> Events { get; } = [];

    public List<JobHostSummary> HostSummaries { get; } = [];
}

/// <summary>One moment of a job's way, for people and reports.</summary>
public sealed class JobPhase
{
    public long Id { get; set; }

    public long JobId { get; set; }

    public Job Job { get; set; } = null!;

    public int Attempt { get; set; }

    /// <summary><c>created</c>, <c>claimed</c>, <c>environment created</c>, …, <c>destroyed</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime At { get; set; }

    public string Detail { get; set; } = "";
}
