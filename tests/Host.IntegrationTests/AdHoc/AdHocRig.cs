using System.Text.Json;
using ContainerGroups.Host.IntegrationTests.Credentials;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.AdHoc;

/// <summary>A server with its own plugins, an inventory of this machine under two names, one of them in a group, and a machine credential.</summary>
internal sealed class AdHocRig : IAsyncDisposable
{
    private AdHocRig(ApiServer server) => (Server, Credentials) = (server, new CredentialApi(server.Admin));

    public ApiServer Server { get; }

    public ApiClient Admin => Server.Admin;

    public CredentialApi Credentials { get; }

    public long Inventory { get; private set; }

    /// <summary>The host "web".</summary>
    public long Host { get; private set; }

    /// <summary>The group "front" with the host "web".</summary>
    public long Group { get; private set; }

    public long Credential { get; private set; }

    public static async Task<AdHocRig> StartAsync(DatabaseKind kind)
    {
        var rig = new AdHocRig(await ApiServer.StartAsync(kind, null, ("Plugins:Directories:1", BuiltInPlugins.Directory)));
        var admin = rig.Admin;
        rig.Inventory = await admin.CreateAsync("inventories/", """{"name":"two","organization":1,"variables":"ansible_connection: local"}""");
        rig.Host = await admin.CreateAsync("hosts/", $$"""{"name":"web","inventory":{{rig.Inventory}}}""");
        await admin.CreateAsync("hosts/", $$"""{"name":"db","inventory":{{rig.Inventory}}}""");
        rig.Group = await admin.CreateAsync("groups/", $$"""{"name":"front","inventory":{{rig.Inventory}}}""");
        await admin.PostAsync($"groups/{rig.Group}/hosts/", $$"""{"id":{{rig.Host}}}""");
        rig.Credential = await rig.Credentials.MakeAsync("ssh", new { username = "nobody" });
        return rig;
    }

    /// <summary>A body for the list of all commands, with more members or other values.</summary>
    public string Body(string more = "{}")
    {
        var body = JsonSerializer.SerializeToNode(new { inventory = Inventory, credential = Credential, module_name = "ping" })!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(more)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return body.ToJsonString();
    }

    /// <summary>Waits until a command is as it should be.</summary>
    public async Task<ApiAnswer> UntilAsync(long id, string what, Func<ApiAnswer, bool> isSo)
    {
        ApiAnswer command = null!;
        await Eventually.BeAsync(
            async () => isSo(command = await Admin.GetAsync($"ad_hoc_commands/{id}/")), $"command {id} {what}", TimeSpan.FromMinutes(2));
        return command;
    }

    public Task<ApiAnswer> EndedAsync(long id) => UntilAsync(
        id,
        "has ended",
        command => (string?)command["status"] is "successful" or "failed" or "error" or "canceled" && (bool?)command["event_processing_finished"] == true);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
