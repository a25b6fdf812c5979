using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>A value that a launch may bring along, when its template asks for it.</summary>
/// <param name="Field">The name in the body, the template and the job.</param>
/// <param name="Flag">The template's field that says whether it is asked for.</param>
/// <param name="Asks">Whether a template asks for it.</param>
internal sealed record LaunchPrompt(string Field, string Flag, Func<JobTemplate, bool> Asks);

/// <summary>AWX's prompts on launch.</summary>
internal static class LaunchPrompts
{
    /// <summary>Those that are fields of the job.</summary>
    public static IReadOnlyList<LaunchPrompt> OfJob { get; } =
    [
        new("scm_branch", "ask_scm_branch_on_launch", t => t.AskScmBranchOnLaunch),
        new("diff_mode", "ask_diff_mode_on_launch", t => t.AskDiffModeOnLaunch),
        new("limit", "ask_limit_on_launch", t => t.AskLimitOnLaunch),
        new("job_tags", "ask_tags_on_launch", t => t.AskTagsOnLaunch),
        new("skip_tags", "ask_skip_tags_on_launch", t => t.AskSkipTagsOnLaunch),
        new("job_type", "ask_job_type_on_launch", t => t.AskJobTypeOnLaunch),
        new("verbosity", "ask_verbosity_on_launch", t => t.AskVerbosityOnLaunch),
        new("inventory", "ask_inventory_on_launch", t => t.AskInventoryOnLaunch),
        new("execution_environment", "ask_execution_environment_on_launch", t => t.AskExecutionEnvironmentOnLaunch),
        new("forks", "ask_forks_on_launch", t => t.AskForksOnLaunch),
        new("timeout", "ask_timeout_on_launch", t => t.AskTimeoutOnLaunch),
    ];

    public static LaunchPrompt ExtraVars { get; } = new("extra_vars", "ask_variables_on_launch", t => t.AskVariablesOnLaunch);

    public static LaunchPrompt InstanceGroups { get; } = new("instance_groups", "ask_instance_groups_on_launch", t => t.AskInstanceGroupsOnLaunch);

    public static LaunchPrompt Credentials { get; } = new(LaunchCredentials.Field, "ask_credential_on_launch", t => t.AskCredentialOnLaunch);

    public static LaunchPrompt Labels { get; } = new("labels", "ask_labels_on_launch", t => t.AskLabelsOnLaunch);

    public static LaunchPrompt SliceCount { get; } = new("job_slice_count", "ask_job_slice_count_on_launch", t => t.AskJobSliceCountOnLaunch);

    public static IEnumerable<LaunchPrompt> All => [.. OfJob, ExtraVars, InstanceGroups, Credentials, Labels, SliceCount];
}
