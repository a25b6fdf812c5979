using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>The private data directory of ansible-runner, which is the payload's root: its files besides project and inventory, and the commands.</summary>
internal sealed class RunnerLayout(Job job, User? launchedBy, string revision)
{
    private const string MetaVariablesFile = "env/awx_vars.json";

    private readonly RunnerEntry _entry = RunnerEntry.Of(job);

    /// <summary>Arguments that name files with secrets; none is secret itself.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The job's variables with the answers that are passwords.</summary>
    public string ExtraVars { get; init; } = job.ExtraVars;

    /// <summary>What the environment starts.</summary>
    public IReadOnlyList<string> Command =>
        ["ansible-runner", "run", "--json", "-i", job.Id.ToString(CultureInfo.InvariantCulture), .. _entry.Arguments, "."];

    /// <summary>What ansible-runner starts, as AWX shows it.</summary>
    public IReadOnlyList<string> ShownCommand =>
    [
        _entry.Program, .. Arguments,
        .. job.InventoryId is null ? [] : (string[])["-i", "inventory"],
        .. ExtraVariables.Any(job.ExtraVars) ? (string[])["-e", "@env/extravars"] : [],
        .. _entry.ProgramArguments,
    ];

    private IReadOnlyList<string> Arguments => [.. RunnerArguments.Of(job), "-e", $"@{_entry.Root}{MetaVariablesFile}", .. Secrets];

    public IEnumerable<(string Name, string Text)> Files()
    {
        // The user's variables come after ours on the command line, and win.
        yield return ("env/cmdline", ShellWords.Join(Arguments));
        yield return (MetaVariablesFile, MetaVariables.Json(job, launchedBy, revision));
        if (ExtraVariables.Any(job.ExtraVars))
        {
            yield return ("env/extravars", ExtraVars);
        }

        // Its own copy of what it prints would double what the spool already keeps.
        yield return ("env/settings", """{"suppress_output_file": true}""");
    }
}
