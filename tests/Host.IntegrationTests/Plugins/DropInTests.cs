using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Plugins;

/// <summary>Plugin folders that are copied into a running server, as its users see it.</summary>
public sealed class DropInTests
{
    private TemporaryDirectory _folders = null!;

    [SetUp]
    public void SetUp() => _folders = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _folders.Dispose();

    [Test]
    public async Task TwoPlugins_WithTwoVersionsOfALibrary_AreUsableWithoutARestart()
    {
        // Not there when the server starts: the directory itself may come later.
        await using var server = await StartAsync(_folders.File("plugins"));
        PluginCopy.Into(_folders.File("plugins/a"), "PrivateDependencyA");
        PluginCopy.Into(_folders.File("plugins/b"), "PrivateDependencyB");

        var versions = new List<string>();
        foreach (var plugin in new[] { "private_dependency_a", "private_dependency_b" })
        {
            await ActiveAsync(server.Admin, plugin);
            var credential = await CredentialAsync(server.Admin, plugin);
            var test = await server.Admin.PostAsync($"credentials/{credential}/test/", "{}");
            Assert.That(test.Status, Is.EqualTo(HttpStatusCode.OK), test.Text);
            Assert.That(test.Text, Does.Contain("YAML says 42").And.Not.Contain("very secret"));
            versions.Add(test["details"]!["yaml_version"]!.ToString());
        }

        Assert.That(versions, Is.EqualTo(new[] { "13.0.0.0", "15.0.0.0" }));
    }

    [Test]
    public async Task RemovedFolder_AsksForARestart_AndAfterItIsMissing_WithItsCredential()
    {
        PluginCopy.Into(_folders.File("plugins/a"), "PrivateDependencyA");
        await using var server = await StartAsync(_folders.File("plugins"));
        await ActiveAsync(server.Admin, "private_dependency_a");
        var credential = await CredentialAsync(server.Admin, "private_dependency_a");
        Directory.Delete(_folders.File("plugins/a"), recursive: true);

        await Eventually.BeAsync(
            async () => await PluginAsync(server.Admin, "private_dependency_a") is { } plugin
                && (bool)plugin["restart_needed"]! && plugin["warnings"]![0]!.ToString().Contains("gone", StringComparison.Ordinal),
            "the plugin asks for a restart");
        Assert.That((await PluginAsync(server.Admin, "private_dependency_a"))!["status"]!.ToString(), Is.EqualTo("active"));

        using var admin = await server.RestartAsync(("Plugins:Directories:0", _folders.File("plugins")));
        await Eventually.BeAsync(
            async () => await PluginAsync(admin, "private_dependency_a") is { } plugin && plugin["status"]!.ToString() == "missing",
            "the plugin is missing");
        var missing = (await PluginAsync(admin, "private_dependency_a"))!;
        Assert.That(missing["credential_types"]!.AsArray().Select(name => name!.ToString()), Is.EqualTo(new[] { "private_dependency_a" }));
        Assert.That((await admin.GetAsync($"credentials/{credential}/")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static Task<ApiServer> StartAsync(string plugins) =>
        ApiServer.StartAsync(DatabaseKind.Sqlite, null, ("Plugins:Directories:0", plugins));

    private static Task ActiveAsync(ApiClient client, string id) => Eventually.BeAsync(
        async () => await PluginAsync(client, id) is { } plugin && plugin["status"]!.ToString() == "active", $"{id} is active");

    private static async Task<JsonNode?> PluginAsync(ApiClient client, string id) =>
        (await client.GetAsync("plugins/")).Json["results"]!.AsArray().FirstOrDefault(row => row!["id"]!.ToString() == id);

    private static async Task<long> CredentialAsync(ApiClient client, string @namespace)
    {
        long? type = null;
        await Eventually.BeAsync(
            async () =>
            {
                var types = (await client.GetAsync($"credential_types/?namespace={@namespace}")).Json["results"]!.AsArray();
                type = types.Count == 1 ? (long)types[0]!["id"]! : null;
                return type is not null;
            },
            $"the credential type {@namespace} is there");
        return await client.CreateAsync(
            "credentials/", $$$"""{"name": "of {{{@namespace}}}", "credential_type": {{{type}}}, "user": 1, "inputs": {"token": "very secret"}}""");
    }
}
