using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Cli;

/// <summary>From what was asked for to a launched job: check here, upload, launch.</summary>
internal sealed class JobLaunch(ServerLink link, Terminal terminal)
{
    private const string DryRun = JobTypes.Check;

    /// <summary>What can be refused without a server is refused before one is started.</summary>
    public static LaunchParts Check(RunRequest request) => request.IsCommand
        ? new LaunchParts(null, null, null)
        : new LaunchParts(
            PlaybookFile.Find(request.Playbook!, request.ProjectDirectory), InventoryText.Read(request.Inventories), ExtraVarsArguments.Read(request.ExtraVars));

    public async Task<JsonElement> LaunchAsync(RunRequest request, LaunchParts parts, CancellationToken cancellationToken)
    {
        var body = request.IsCommand ? Command(request) : await PlaybookAsync(request, parts, cancellationToken);
        body["name"] = request.Name ?? (request.IsCommand ? Shortened(request.Command) : parts.Playbook!.Name);
        if (request.Timeout > 0)
        {
            body["timeout"] = request.Timeout;
        }

        if (request.Group is not null)
        {
            body["instance_group"] = await GroupAsync(request.Group, cancellationToken);
        }

        return await link.Api.PostAsync("/api/v2/jobs/", body, cancellationToken);
    }

    private static JsonObject Command(RunRequest request) => new()
    {
        ["job_type"] = JobTypes.Command,
        ["command"] = new JsonArray([.. request.Command.Select(word => (JsonNode)word)]),
    };

    private async Task<JsonObject> PlaybookAsync(RunRequest request, LaunchParts parts, CancellationToken cancellationToken)
    {
        var upload = new PlaybookUpload(link.Api, terminal, link.Settings.DataDirectory);
        return new JsonObject
        {
            ["job_type"] = request.Check ? DryRun : JobTypes.Run,
            ["playbook"] = parts.Playbook!.Name,
            ["project"] = await upload.ProjectAsync(parts.Playbook, request.Inventories, cancellationToken),
            ["inventory"] = await upload.InventoryAsync(parts.Inventory!, cancellationToken),
            ["extra_vars"] = parts.ExtraVars,
            ["limit"] = request.Limit,
            ["job_tags"] = request.Tags,
            ["skip_tags"] = request.SkipTags,
            ["forks"] = request.Forks,
            ["verbosity"] = request.Verbosity,
            ["diff_mode"] = request.Diff,
            ["become_enabled"] = request.Become,
        };
    }

    private async Task<long> GroupAsync(string name, CancellationToken cancellationToken)
    {
        if (await link.Api.FindByNameAsync("/api/v2/instance_groups", name, cancellationToken) is { } group)
        {
            return JobView.Id(group);
        }

        var all = await link.Api.GetAsync("/api/v2/instance_groups/?page_size=50", cancellationToken);
        var names = all.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("name").GetString());
        throw new CliException(ExitCodes.BadRequest, $"There is no instance group {name}; there are: {string.Join(", ", names)}.");
    }

    private static string Shortened(IReadOnlyList<string> command)
    {
        var line = ShellWords.Join(command).ReplaceLineEndings(" ");
        return line.Length <= 100 ? line : line[..99] + "…";
    }
}

/// <summary>What a playbook run sends besides numbers and switches; all null for a command.</summary>
internal sealed record LaunchParts(PlaybookFile? Playbook, InventoryText? Inventory, string? ExtraVars);
