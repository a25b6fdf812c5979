using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Cli;

/// <summary>Brings what a run needs to the server; what is already there, by digest, isn't sent again.</summary>
internal sealed class PlaybookUpload(ApiClient api, Terminal terminal, string dataDirectory)
{
    /// <summary>Enough of a digest that no two projects of one server ever meet in it.</summary>
    private const int DigestLength = 16;

    private const long Large = 100L << 20;

    private static readonly string[] VariableDirectories = ["group_vars", "host_vars"];

    /// <summary>Returns the project's id.</summary>
    /// <param name="playbook">What to upload.</param>
    /// <param name="inventories">As they were given: variables beside them belong to the run.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    public async Task<long> ProjectAsync(PlaybookFile playbook, IEnumerable<string> inventories, CancellationToken cancellationToken)
    {
        var directory = ProjectDirectory.Scan(playbook.Directory, dataDirectory);
        foreach (var beside in inventories.Where(File.Exists).Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Distinct())
        {
            await AddVariablesAsync(directory, playbook, beside);
        }

        if (directory.Length > Large)
        {
            await terminal.SayAsync(
                $"uploading {directory.Length >> 20} MiB from {playbook.Directory}; a directory of its own for the playbook, or --project, makes it less");
        }

        await terminal.StatusAsync($"uploading {playbook.Directory}");
        var name = $"{Path.GetFileName(playbook.Directory)} {(await directory.DigestAsync(cancellationToken))[..DigestLength]}".Trim();
        var project = await FindOrCreateAsync("/api/v2/projects", name, new JsonObject { ["scm_type"] = "archive" }, cancellationToken);
        if (project.GetProperty("status").GetString() != "successful")
        {
            await api.PutAsync($"/api/v2/projects/{JobView.Id(project)}/archive/", new ArchiveContent(directory), cancellationToken);
        }

        return JobView.Id(project);
    }

    /// <summary>
    /// Ansible reads <c>group_vars</c> and <c>host_vars</c> beside an inventory and beside a playbook; of the inventory the server keeps
    /// the text alone, so they go beside the playbook.
    /// </summary>
    private async Task AddVariablesAsync(ProjectDirectory directory, PlaybookFile playbook, string beside)
    {
        var place = Path.GetDirectoryName(playbook.Name)!;
        if (beside == Path.Combine(playbook.Directory, place).TrimEnd('/'))
        {
            return;
        }

        foreach (var name in VariableDirectories.Where(name => Directory.Exists(Path.Combine(beside, name))))
        {
            foreach (var hidden in directory.Add(Path.Combine(beside, name), Path.Combine(place, name)))
            {
                await terminal.SayAsync($"containergroups: {Path.Combine(beside, name)} and the playbook's directory both have {hidden}; the playbook's is used.");
            }
        }
    }

    /// <summary>Returns the inventory's id.</summary>
    public async Task<long> InventoryAsync(InventoryText inventory, CancellationToken cancellationToken)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inventory.Text)))[..DigestLength];
        var row = await FindOrCreateAsync(
            "/api/v2/inventories", $"{inventory.Name} {digest}", new JsonObject { ["source"] = inventory.Text }, cancellationToken);
        return JobView.Id(row);
    }

    private async Task<JsonElement> FindOrCreateAsync(string collection, string name, JsonObject body, CancellationToken cancellationToken)
    {
        if (await api.FindByNameAsync(collection, name, cancellationToken) is { } found)
        {
            return found;
        }

        body["name"] = name;
        body["organization"] = await OrganizationAsync(cancellationToken);
        try
        {
            return await api.PostAsync($"{collection}/", body, cancellationToken);
        }
        catch (ApiRefusedException)
        {
            // The same files may be on their way from another terminal.
            if (await api.FindByNameAsync(collection, name, cancellationToken) is { } made)
            {
                return made;
            }

            throw;
        }
    }

    private async Task<long> OrganizationAsync(CancellationToken cancellationToken)
    {
        var page = await api.GetAsync("/api/v2/organizations/?order_by=id&page_size=1", cancellationToken);
        var first = page.GetProperty("results").EnumerateArray().Select(JobView.Id).FirstOrDefault();
        return first > 0 ? first : throw new CliException(ExitCodes.BadRequest, "You belong to no organization that could own the playbook and its inventory.");
    }
}
