namespace ContainerGroups.Host.Jobs;

/// <summary>The modules that may be run without a playbook: AWX's AD_HOC_COMMANDS.</summary>
internal static class AdHocModules
{
    public const string Default = "command";

    private const string Shell = "shell";

    public static readonly (string, string)[] Choices = [.. new[]
    {
        Default, Shell, "yum", "apt", "apt_key", "apt_repository", "apt_rpm", "service", "group", "user", "mount", "ping", "selinux", "setup",
        "win_ping", "win_service", "win_updates", "win_group", "win_user",
    }.Select(name => (name, name))];

    /// <summary>Whether a module has nothing to do without arguments.</summary>
    public static bool NeedsArguments(string module) => module is Default or Shell;
}
