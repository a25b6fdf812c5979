namespace ContainerGroups.Host.Storage;

/// <summary>Launches a job template, or updates a project, again and again.</summary>
public sealed class Schedule : NamedEntity
{
    /// <summary>AWX's <c>rrule</c>: a start and iCalendar rules.</summary>
    public string Rrule { get; set; } = "";

    public bool Enabled { get; set; } = true;

    /// <summary>What is launched; null when it is a project that is updated.</summary>
    public long? JobTemplateId { get; set; }

    public JobTemplate? JobTemplate { get; set; }

    public long? ProjectId { get; set; }

    public Project? Project { get; set; }

    /// <summary>The first occurrence, UTC; null when there is none.</summary>
    public DateTime? Dtstart { get; set; }

    /// <summary>The last occurrence, UTC; null when there is none.</summary>
    public DateTime? Dtend { get; set; }

    /// <summary>When it fires next, UTC; null when it is over or disabled. Moved on in the transaction that stores the job.</summary>
    public DateTime? NextRun { get; set; }

    /// <summary>Variables for its jobs, a JSON object; in place of answers to password questions, <see cref="Credential.Hidden"/>.</summary>
    public string ExtraData { get; set; } = "{}";

    public long? InventoryId { get; set; }

    public Inventory? Inventory { get; set; }

    public long? ExecutionEnvironmentId { get; set; }

    public ExecutionEnvironment? ExecutionEnvironment { get; set; }

    public string? ScmBranch { get; set; }

    public string? JobType { get; set; }

    public string? JobTags { get; set; }

    public string? SkipTags { get; set; }

    public string? Limit { get; set; }

    public bool? DiffMode { get; set; }

    public int? Verbosity { get; set; }

    public int? Forks { get; set; }

    public int? JobSliceCount { get; set; }

    public int? Timeout { get; set; }

    /// <summary>Those that take the places of the template's, or stand beside them.</summary>
    public List<ScheduleCredential> Credentials { get; } = [];

    /// <summary>In order; empty for those that the template and the rest prefer.</summary>
    public List<ScheduleInstanceGroup> InstanceGroups { get; } = [];

    /// <summary>Those that come to the template's.</summary>
    public List<ScheduleLabel> Labels { get; } = [];
}

/// <summary>A credential that a schedule gives to its jobs.</summary>
public sealed class ScheduleCredential
{
    public long ScheduleId { get; set; }

    public long CredentialId { get; set; }

    public Credential Credential { get; set; } = null!;
}

/// <summary>A schedule's preference.</summary>
public sealed class ScheduleInstanceGroup : PreferredInstanceGroup
{
    public long ScheduleId { get; set; }
}

/// <summary>An answer to a password question of the template's survey, which a schedule gives to each of its jobs.</summary>
public sealed class SchedulePassword : StoredSecret
{
    public long ScheduleId { get; set; }

    /// <summary>The question's variable.</summary>
    public string Variable { get; set; } = "";

    public override string Place => $"schedule\0{ScheduleId}\0{Variable}";

    /// <summary>For people.</summary>
    public override string ToString() => $"Answer {Variable} of schedule {ScheduleId}";
}
