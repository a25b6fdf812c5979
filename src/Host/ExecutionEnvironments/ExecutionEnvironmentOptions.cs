namespace ContainerGroups.Host.ExecutionEnvironments;

/// <summary>The section <c>ExecutionEnvironments</c> of the configuration.</summary>
internal sealed class ExecutionEnvironmentOptions
{
    public const string Section = "ExecutionEnvironments";

    /// <summary>The image of jobs for which nobody names another; AWX's.</summary>
    public string Default { get; set; } = "quay.io/ansible/awx-ee:latest";
}
