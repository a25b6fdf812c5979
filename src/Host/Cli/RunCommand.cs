using System.CommandLine;

namespace ContainerGroups.Host.Cli;

/// <summary><c>run</c>: a playbook or a command through a server, watched until it ends.</summary>
internal sealed class RunCommand
{
    private const string Explanation = """
        Runs a playbook, or with --command any program, and ends with its exit status.
        Without --server it talks to the server that serves the data directory, or starts one for itself.
        Exit status: the program's own; 120 bad request, 121 no server, 122 the job could not be run, 123 left running,
        124 timed out, 125 ended by a signal, 130 canceled.
        """;

    private readonly Argument<string[]> _what = new("PLAYBOOK") { Description = "The playbook; with --command, the program and its arguments (after --).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _command = new("--command") { Description = "Run a program instead of a playbook: run --command -- PROGRAM ARGUMENTS…" };
    private readonly Option<string?> _project = new("--project") { Description = "The directory to upload; the playbook's own unless given.", HelpName = "DIR" };
    private readonly Option<string[]> _inventory = new("-i", "--inventory") { Description = "An inventory file, or hosts with a comma after each; repeatable.", HelpName = "INVENTORY" };
    private readonly Option<string[]> _extraVars = new("-e", "--extra-vars") { Description = "Variables: k=v, @file, YAML or JSON; repeatable.", HelpName = "VARS" };
    private readonly Option<string> _limit = new("-l", "--limit") { Description = "Only these hosts.", HelpName = "PATTERN" };
    private readonly Option<string[]> _tags = new("-t", "--tags") { Description = "Only tasks with these tags.", HelpName = "TAGS" };
    private readonly Option<string[]> _skipTags = new("--skip-tags") { Description = "No tasks with these tags.", HelpName = "TAGS" };
    private readonly Option<int> _forks = new("-f", "--forks") { Description = "Hosts at the same time.", HelpName = "N" };
    private readonly Option<bool> _verbose = new("-v", "--verbose") { Description = "Say more; up to -vvvvv." };
    private readonly Option<bool> _check = new("-C", "--check") { Description = "Change nothing, say what would change." };
    private readonly Option<bool> _diff = new("-D", "--diff") { Description = "Show what changes in files." };
    private readonly Option<bool> _become = new("-b", "--become") { Description = "Run as another user (root) on the hosts." };
    private readonly Option<int> _timeout = new("--timeout") { Description = "End it after so many seconds.", HelpName = "SECONDS" };
    private readonly Option<string?> _group = new("--group") { Description = "The instance group to run in.", HelpName = "NAME" };
    private readonly Option<string?> _name = new("--name") { Description = "The job's name.", HelpName = "NAME" };
    private readonly Option<bool> _detach = new("--detach") { Description = "Launch it, print its number and leave (needs a running server)." };
    private readonly ConnectionOptions _connection = new();

    public Command Create()
    {
        var command = new Command("run", Explanation);
        command.Arguments.Add(_what);
        foreach (var option in new Option[]
        {
            _command, _project, _inventory, _extraVars, _limit, _tags, _skipTags, _forks, _verbose, _check, _diff, _become, _timeout, _group, _name, _detach,
        })
        {
            command.Options.Add(option);
        }

        _connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandLine.GuardAsync(() => RunAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = Read(parsed);
        var parts = JobLaunch.Check(request);
        await using var terminal = Terminal.Open();
        await using var link = new ServerLink(_connection.Read(parsed), terminal);
        await terminal.StatusAsync("connecting");
        await link.OpenAsync(cancellationToken);
        if (request.Detach && link.IsEmbedded)
        {
            throw new CliException(ExitCodes.BadRequest, "--detach needs a server that goes on: start one with containergroups serve, or name one with --server.");
        }

        var job = await new JobLaunch(link, terminal).LaunchAsync(request, parts, cancellationToken);
        if (request.Detach)
        {
            await terminal.SayAsync(JobSession.Reattach(JobView.Id(job), link.Settings));
            return ExitCodes.Success;
        }

        return await new JobSession(link, terminal, job).WatchAsync(cancellationToken);
    }

    private RunRequest Read(ParseResult parsed)
    {
        var what = parsed.GetValue(_what) ?? [];
        var isCommand = parsed.GetValue(_command);
        if (!isCommand && Array.Find(what, word => word.StartsWith('-')) is { } option)
        {
            throw new CliException(ExitCodes.BadRequest, $"There is no option {option}; containergroups run --help lists them.");
        }

        if (!isCommand && what.Length != 1)
        {
            throw new CliException(ExitCodes.BadRequest, $"One playbook at a time, not {what.Length}: {string.Join(", ", what)}.");
        }

        return new RunRequest
        {
            Playbook = isCommand ? null : what[0],
            Command = isCommand ? what : [],
            ProjectDirectory = parsed.GetValue(_project),
            Inventories = parsed.GetValue(_inventory) ?? [],
            ExtraVars = parsed.GetValue(_extraVars) ?? [],
            Limit = parsed.GetValue(_limit) ?? "",
            Tags = string.Join(',', parsed.GetValue(_tags) ?? []),
            SkipTags = string.Join(',', parsed.GetValue(_skipTags) ?? []),
            Forks = parsed.GetValue(_forks),
            Verbosity = Math.Min(5, parsed.GetResult(_verbose)?.IdentifierTokenCount ?? 0),
            Check = parsed.GetValue(_check),
            Diff = parsed.GetValue(_diff),
            Become = parsed.GetValue(_become),
            Timeout = parsed.GetValue(_timeout),
            Group = parsed.GetValue(_group),
            Name = parsed.GetValue(_name),
            Detach = parsed.GetValue(_detach),
        };
    }
}
