using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>A second host on the same database takes over the instance that the API made for it.</summary>
[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
internal sealed class SecondHostTests(DatabaseKind kind)
{
    private const string Hostname = "second.example.org";

    [Test]
    public async Task InstalledInstance_IsReady_OnceAHostIsStartedAsIt()
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var directory = new TemporaryDirectory();
        var made = await server.Admin.PostAsync("instances/", $$"""{"hostname":"{{Hostname}}"}""");

        await using var second = await ApiServer.StartHostAsync(server.Database, directory.File("data"), Hostname);

        var taken = await server.Admin.GetAsync($"instances/{Hostname}/");
        var group = await server.Admin.GetAsync("instance_groups/default/");
        Assert.That((long)taken["id"]!, Is.EqualTo((long)made["id"]!));
        Assert.That(taken["node_state"]!.ToString(), Is.EqualTo(NodeStates.Ready));
        Assert.That(taken["node_type"]!.ToString(), Is.EqualTo(NodeTypes.Execution));
        Assert.That((int)taken["capacity"]!, Is.Positive);
        Assert.That((int)group["instances"]!, Is.EqualTo(2));
        Assert.That((int)(await server.Admin.GetAsync("users/?is_superuser=true"))["count"]!, Is.EqualTo(1));
        await second.StopAsync();
    }
}
