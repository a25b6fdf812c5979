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

    /// <summary>Returns the project's id.</summary>
    public async Task<long> ProjectAsync(PlaybookFile playbook, CancellationToken cancellationToken)
    {
        var directory = ProjectDirectory.Scan(playbook.Directory, dataDirectory);
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
