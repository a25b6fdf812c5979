using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>The values of the columns that have a short list of them, as AWX spells them.</summary>
internal static class Words
{
    public static readonly IReadOnlyList<string> JobTypes = [Storage.JobTypes.Run, Storage.JobTypes.Check, Storage.JobTypes.Command];

    public static readonly IReadOnlyList<string> RunTypes = ["job", "ad_hoc_command"];

    public static readonly IReadOnlyList<string> LaunchTypes =
    [
        Storage.LaunchTypes.Manual, Storage.LaunchTypes.Relaunch, Storage.LaunchTypes.Scheduled, Storage.LaunchTypes.Dependency, Storage.LaunchTypes.Sync,
    ];

    public static readonly IReadOnlyList<string> JobStatuses =
    [
        Storage.JobStatuses.New, Storage.JobStatuses.Pending, Storage.JobStatuses.Waiting, Storage.JobStatuses.Running,
        Storage.JobStatuses.Successful, Storage.JobStatuses.Failed, Storage.JobStatuses.Error, Storage.JobStatuses.Canceled,
    ];

    public static readonly IReadOnlyList<string> NodeTypes =
        [Storage.NodeTypes.Control, Storage.NodeTypes.Execution, Storage.NodeTypes.Hybrid, Storage.NodeTypes.Hop];

    public static readonly IReadOnlyList<string> NodeStates =
    [
        Storage.NodeStates.Provisioning, Storage.NodeStates.ProvisionFail, Storage.NodeStates.Installed, Storage.NodeStates.Ready,
        Storage.NodeStates.Unavailable, Storage.NodeStates.Deprovisioning, Storage.NodeStates.DeprovisionFail,
    ];

    public static readonly IReadOnlyList<string> ScmTypes = [Storage.ScmTypes.Manual, Storage.ScmTypes.Git, Storage.ScmTypes.Archive];

    public static readonly IReadOnlyList<string> PluginStatuses = ["active", "disabled", "not_supported", "malfunctioned", PluginStatus.Missing];
}
