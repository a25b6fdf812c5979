using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>What ansible-runner is told to run, and what people are told that it runs: a playbook, or a module.</summary>
internal sealed record RunnerEntry
{
    private const string AllHosts = "all";
    private const string Here = ".";

    /// <summary>Arguments of <c>ansible-runner run</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The program that it starts.</summary>
    public required string Program { get; init; }

    /// <summary>The last arguments of that program.</summary>
    public required IReadOnlyList<string> ProgramArguments { get; init; }

    /// <summary>Where in the payload it runs: ansible-runner runs playbooks inside of the project, modules at the root itself.</summary>
    public required string Directory { get; init; }

    /// <summary>The way from there to the payload's root, with its slash, or empty.</summary>
    public string Root => Directory == Here ? "" : "../";

    public static RunnerEntry Of(Job job) => job is AdHocCommand command ? Module(command) : Playbook(job);

    private static RunnerEntry Playbook(Job job)
    {
        // A name that begins with a hyphen would be taken as an option.
        var playbook = job.Playbook.StartsWith('-') ? "./" + job.Playbook : job.Playbook;
        return new RunnerEntry { Arguments = ["-p", playbook], Program = "ansible-playbook", ProgramArguments = [playbook], Directory = "project" };
    }

    private static RunnerEntry Module(AdHocCommand command)
    {
        var pattern = Pattern(command.Limit);
        var hasArguments = command.ModuleArgs.Length > 0;
        return new RunnerEntry
        {
            // With an equals sign a value that begins with a hyphen is a value.
            Arguments =
            [
                $"--module={command.ModuleName}", .. hasArguments ? (string[])[$"--args={command.ModuleArgs}"] : [], $"--hosts={pattern}",
            ],
            Program = "ansible",
            ProgramArguments = ["-m", command.ModuleName, .. hasArguments ? (string[])["-a", command.ModuleArgs] : [], pattern],
            Directory = Here,
        };
    }

    /// <summary>A pattern is an argument without an option: one that begins with a hyphen gets an empty pattern before it, which Ansible
    /// leaves out.</summary>
    private static string Pattern(string limit) =>
        string.IsNullOrWhiteSpace(limit) ? AllHosts
        : limit.TrimStart().StartsWith('-') ? "," + limit
        : limit;
}
