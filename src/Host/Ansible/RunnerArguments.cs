using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>A job's options as arguments of <c>ansible-playbook</c>. None of them may be secret: variables go by file.</summary>
internal static class RunnerArguments
{
    /// <summary>The most that <c>ansible-playbook</c> takes notice of.</summary>
    private const int MostVerbose = 5;

    public static IReadOnlyList<string> Of(Job job)
    {
        var arguments = new List<string>();
        AddFlag(arguments, job.JobType == JobTypes.Check, "--check");
        AddFlag(arguments, job.DiffMode, "--diff");
        AddFlag(arguments, job.BecomeEnabled, "--become");
        AddFlag(arguments, job.ForceHandlers, "--force-handlers");
        AddFlag(arguments, job.Verbosity > 0, "-" + new string('v', Math.Clamp(job.Verbosity, 1, MostVerbose)));
        AddValue(arguments, "--forks", job.Forks > 0 ? job.Forks.ToString(CultureInfo.InvariantCulture) : "");
        // An ad hoc command's limit is its pattern of hosts.
        AddValue(arguments, "--limit", job is AdHocCommand ? "" : job.Limit);
        AddValue(arguments, "--tags", job.JobTags);
        AddValue(arguments, "--skip-tags", job.SkipTags);
        AddValue(arguments, "--start-at-task", job.StartAtTask);
        return arguments;
    }

    private static void AddFlag(List<string> arguments, bool given, string flag)
    {
        if (given)
        {
            arguments.Add(flag);
        }
    }

    private static void AddValue(List<string> arguments, string option, string value)
    {
        if (value.Length > 0)
        {
            // With an equals sign a value that begins with a hyphen is a value.
            arguments.Add($"{option}={value}");
        }
    }
}
