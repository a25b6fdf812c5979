namespace ContainerGroups.Host.Storage;

/// <summary>The saved recipe of a job.</summary>
public sealed class JobTemplate : NamedEntity
{
    /// <summary>The project's organization.</summary>
    public long? OrganizationId { get; set; }

    public Organization? Organization { get; set; }

    /// <summary>One of <see cref="JobTypes"/>.</summary>
    public string JobType { get; set; } = JobTypes.Run;

    public long? InventoryId { get; set; }

    public Inventory? Inventory { get; set; }

    public long? ProjectId { get; set; }

    public Project? Project { get; set; }

    public string Playbook { get; set; } = "";

    /// <summary>The argv of a job of type <c>command</c>, a JSON array.</summary>
    public string Command { get; set; } = "[]";

    public string ScmBranch { get; set; } = "";

    public int Forks { get; set; }

    public string Limit { get; set; } = "";

    public int Verbosity { get; set; }

    /// <summary>A YAML or JSON mapping, as it was given; empty for none.</summary>
    public string ExtraVars { get; set; } = "";

    public string JobTags { get; set; } = "";

    public string SkipTags { get; set; } = "";

    public string StartAtTask { get; set; } = "";

    public bool ForceHandlers { get; set; }

    public bool UseFactCache { get; set; }

    public bool BecomeEnabled { get; set; }

    public bool DiffMode { get; set; }

    public bool AllowSimultaneous { get; set; }

    /// <summary>Seconds; 0 for no limit.</summary>
    public int Timeout { get; set; }

    public long? ExecutionEnvironmentId { get; set; }

    public ExecutionEnvironment? ExecutionEnvironment { get; set; }

    public bool PreventInstanceGroupFallback { get; set; }

    public int JobSliceCount { get; set; } = 1;

    public bool SurveyEnabled { get; set; }

    /// <summary>The survey's name, description and questions, a JSON object; an empty one for none. No secret is in it.</summary>
    public string SurveySpec { get; set; } = "{}";

    public string HostConfigKey { get; set; } = "";

    public bool AskScmBranchOnLaunch { get; set; }

    public bool AskDiffModeOnLaunch { get; set; }

    public bool AskVariablesOnLaunch { get; set; }

    public bool AskLimitOnLaunch { get; set; }

    public bool AskTagsOnLaunch { get; set; }

    public bool AskSkipTagsOnLaunch { get; set; }

    public bool AskJobTypeOnLaunch { get; set; }

    public bool AskVerbosityOnLaunch { get; set; }

    public bool AskInventoryOnLaunch { get; set; }

    public bool AskCredentialOnLaunch { get; set; }

    public bool AskExecutionEnvironmentOnLaunch { get; set; }

    public bool AskLabelsOnLaunch { get; set; }

    public bool AskForksOnLaunch { get; set; }

    public bool AskJobSliceCountOnLaunch { get; set; }

    public bool AskTimeoutOnLaunch { get; set; }

    public bool AskInstanceGroupsOnLaunch { get; set; }

    public List<JobTemplateInstanceGroup> InstanceGroups { get; } = [];

    public List<JobTemplateCredential> Credentials { get; } = [];

    public List<JobTemplateLabel> Labels { get; } = [];
}

/// <summary>What a job does: AWX's two, and ours.</summary>
public static class JobTypes
{
    public const string Run = "run";
    public const string Check = "check";

    /// <summary>Any argv, no Ansible: an extension to AWX.</summary>
    public const string Command = "command";
}
