using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Published.Tests;

/// <summary>The single executable as an operator gets it, and a third party's plugin as it is built from the packages.</summary>
public sealed class PublishedBinaryTests
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private static readonly string Sample = Path.Combine(PublishedServer.Artifacts, "test-publish", "openshift_password");
    private static readonly string FromTemplate = Path.Combine(PublishedServer.Artifacts, "test-publish", "acme_vault");

    private TemporaryDirectory _directory = null!;
    private string _executable = null!;

    private string Work => _directory.File("work");

    private string Data => Path.Combine(Work, "data");

    private string Plugins => _directory.File("program/plugins");

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(_directory.File("program"));
        _executable = _directory.File("program/containergroups");
        File.Copy(PublishedServer.Executable, _executable);
    }

    [TearDown]
    public void TearDown()
    {
        File.SetUnixFileMode(_directory.File("program"), ReadOnly | UnixFileMode.UserWrite);
        _directory.Dispose();
    }

    [Test]
    public void Publish_LeavesOneFile() =>
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(PublishedServer.Executable)!), Is.EqualTo(new[] { PublishedServer.Executable }));

    [Test]
    public async Task ReadOnlyDirectory_NoHome_NoArguments_MakesEverythingInData()
    {
        File.SetUnixFileMode(_directory.File("program"), ReadOnly);
        using var server = Start();
        await server.ServesAsync(Data);

        foreach (var made in new[] { "containergroups.db", "https.crt", "https.key", "secret.key", "token" })
        {
            Assert.That(Path.Combine(Data, made), Does.Exist);
        }

        Assert.That(Directory.GetFileSystemEntries(_directory.File("program")), Is.EqualTo(new[] { _executable }));
        Assert.That(Directory.GetFileSystemEntries(Work).Where(entry => !IsDiagnosticPort(entry)), Is.EqualTo(new[] { Data }), "nothing is unpacked");
        var plugins = (await server.GetAsync("plugins/"))["results"]!.AsArray();
        Assert.That(plugins.Select(plugin => plugin!["id"]!.ToString()), Does.Contain("local_instance").And.Contain("kubernetes"));
        Assert.That(plugins.Select(plugin => (plugin!["status"]!.ToString(), (bool)plugin["built_in"]!)), Is.All.EqualTo(("active", true)));
    }

    [Test]
    public async Task CommandJob_RunsToItsEnd()
    {
        using var server = Start();
        await server.ServesAsync(Data);
        var job = await server.PostAsync("jobs/", new JsonObject { ["name"] = "echo", ["job_type"] = "command", ["command"] = new JsonArray("echo", "one file") });

        await Eventually.BeAsync(async () => (await server.GetAsync($"jobs/{job["id"]}/"))["status"]!.ToString() == "successful", "the job is successful");
        Assert.That(await server.TextAsync($"jobs/{job["id"]}/stdout/?format=txt"), Does.Contain("one file"));
    }

    [Test]
    public async Task PluginOfAThirdParty_DroppedIn_IsUsed_AndSurvivesAKill()
    {
        long credential, group;
        using (var server = Start())
        {
            await server.ServesAsync(Data);
            PluginCopy.From(Sample, Path.Combine(Plugins, "openshift_password"));
            await Eventually.BeAsync(async () => await server.PluginAsync("openshift_password") is not null, "the plugin is listed", TimeSpan.FromSeconds(10));
            Assert.That((await server.PluginAsync("openshift_password"))!["status"]!.ToString(), Is.EqualTo("active"));

            credential = await CreateCredentialAsync(server);
            var test = await server.PostAsync($"credentials/{credential}/test/", new JsonObject());
            Assert.That(test["message"]!.ToString(), Does.Contain("can't be reached"));
            Assert.That(test["details"]!["yaml_version"]!.ToString(), Is.EqualTo("13.0.0.0"), "the plugin's own library");

            group = (long)(await server.PostAsync(
                "instance_groups/", new JsonObject { ["name"] = "openshift", ["is_container_group"] = true, ["credential"] = credential }))["id"]!;
            server.Kill();
        }

        using var again = Start();
        await again.ServesAsync(Data);
        Assert.That((await again.PluginAsync("openshift_password"))!["status"]!.ToString(), Is.EqualTo("active"));
        var kept = await again.GetAsync($"credentials/{credential}/");
        Assert.That(kept["inputs"]!["password"]!.ToString(), Is.EqualTo("$encrypted$"));
        Assert.That(kept["kind"]!.ToString(), Is.EqualTo("openshift_username_password"));
        var container = await again.GetAsync($"instance_groups/{group}/");
        Assert.That(((bool)container["is_container_group"]!, (bool)container["kubernetes"]!, (long)container["credential"]!), Is.EqualTo((true, true, credential)));
    }

    [Test]
    public async Task PluginOfTheTemplate_IsFineToo()
    {
        using (var check = PublishedServer.Start(_executable, Work, "plugin", "check", FromTemplate))
        {
            Assert.That(await check.EndsAsync(), Is.Zero, check.Output);
            Assert.That(check.Output, Does.Contain("Credential types: acme_vault"));
        }

        using var server = Start();
        await server.ServesAsync(Data);
        PluginCopy.From(FromTemplate, Path.Combine(Plugins, "acme_vault"));
        await Eventually.BeAsync(async () => await server.FindAsync("credential_types/?namespace=acme_vault") is not null, "the type is there");
    }

    /// <summary>Every .NET process has sockets and pipes, for debuggers of the same user, where temporary files go.</summary>
    private static bool IsDiagnosticPort(string path) =>
        Path.GetFileName(path).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)
        || Path.GetFileName(path).StartsWith("clr-debug-pipe-", StringComparison.Ordinal);

    private PublishedServer Start() => PublishedServer.Start(_executable, Work);

    private static async Task<long> CreateCredentialAsync(PublishedServer server)
    {
        JsonNode? type = null;
        await Eventually.BeAsync(
            async () => (type = await server.FindAsync("credential_types/?namespace=openshift_username_password")) is not null, "the credential type is there");
        Assert.That((type!["kind"]!.ToString(), (bool)type["managed"]!), Is.EqualTo(("kubernetes", true)));
        var credential = await server.PostAsync("credentials/", new JsonObject
        {
            ["name"] = "jane",
            ["user"] = 1,
            ["credential_type"] = (long)type["id"]!,
            ["inputs"] = new JsonObject { ["host"] = "https://127.0.0.1:1", ["username"] = "jane", ["password"] = "correct horse" },
        });
        Assert.That(credential.ToJsonString(), Does.Not.Contain("correct horse"));
        return (long)credential["id"]!;
    }
}
