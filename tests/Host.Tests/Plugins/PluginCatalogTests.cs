using System.Runtime.Versioning;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

[SupportedOSPlatform("linux")]
internal sealed class PluginCatalogTests
{
    [Test]
    public async Task GoodPlugin_FromDisk_IsActiveAndOffered()
    {
        using var rig = new CatalogRig([TestPlugins.Directory("FakeBackend")]);
        await rig.LoadAsync();

        var plugin = rig.Catalog.Plugins.Single();
        Assert.That((plugin.Id, plugin.State, plugin.Reason), Is.EqualTo(("fake", PluginState.Active, "")));
        Assert.That(plugin.Backends, Is.EqualTo(new[] { "fake" }));
        Assert.That(rig.Catalog.GetBackend("fake"), Is.InstanceOf<GuardedBackend>());
        Assert.That(rig.Catalog.PluginOfBackend("fake"), Is.EqualTo(plugin));
        Assert.That(File.GetUnixFileMode(Path.Combine(rig.DataDirectory, "plugins", "fake")),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task Settings_OfThePlugin_ReachIt()
    {
        using var rig = new CatalogRig(
            [TestPlugins.Directory("FakeBackend")], ("Settings:fake:reachable_from_any_host", "true"), ("Settings:fake:uses_instances", "false"));
        await rig.LoadAsync();

        var capabilities = rig.Catalog.GetBackend("fake").Capabilities;
        Assert.That((capabilities.ReachableFromAnyHost, capabilities.UsesInstances), Is.EqualTo((true, false)));
    }

    [TestCase("OldContract", "NotSupported", "contract 0.9", "1.0")]
    [TestCase("NewerContract", "NotSupported", "contract 1.999", "1.0")]
    [TestCase("ThrowsOnRegister", "Malfunctioned", "the licence file is missing", "InvalidOperationException")]
    [TestCase("DuplicateName", "Malfunctioned", "'duplicate_name'", "already offered by this plugin itself")]
    [TestCase("BringsOwnAbstractions", "Malfunctioned", "ContainerGroups.Abstractions.dll", "only the server may bring")]
    [TestCase("MissingDependency", "Malfunctioned", "YamlDotNet 13.0.0.0", "lacks")]
    [TestCase("NoEntryPoint", "Malfunctioned", "no public class with a parameterless constructor", "IPlugin")]
    [TestCase("BadManifest", "Malfunctioned", "'id'", "'asembly' is no field")]
    [TestCase("HangsOnRegister", "Malfunctioned", "did not finish registering", "0.5 seconds")]
    public async Task BrokenPlugin_ShowsItsReason_AndHarmsNoOther(string project, string state, params string[] reasons)
    {
        using var rig = new CatalogRig(
            [TestPlugins.Directory("PrivateDependencyA"), TestPlugins.Directory(project), TestPlugins.Directory("PrivateDependencyB")],
            ("RegisterTimeout", project == "HangsOnRegister" ? "00:00:00.5" : "00:00:30"));
        await rig.LoadAsync();

        var broken = rig.Catalog.Plugins[1];
        Assert.That(broken.Directory, Is.EqualTo(TestPlugins.Folder(project)));
        Assert.That(broken.State.ToString(), Is.EqualTo(state), broken.Reason);
        foreach (var reason in reasons)
        {
            Assert.That(broken.Reason, Does.Contain(reason));
        }

        Assert.That(broken.CredentialTypes, Is.Empty);
        Assert.That(rig.Catalog.CredentialTypes.Select(type => type.Namespace), Is.EqualTo(new[] { "private_dependency_a", "private_dependency_b" }));
        Assert.That(rig.Log.Lines, Has.Some.Contains(broken.Reason));
    }

    [Test]
    public async Task TwoPlugins_WithDifferentVersionsOfALibrary_EachGetTheirOwn()
    {
        using var rig = new CatalogRig([TestPlugins.Directory("PrivateDependencyA"), TestPlugins.Directory("PrivateDependencyB")]);
        await rig.LoadAsync();

        var versions = new List<string>();
        foreach (var type in rig.Catalog.CredentialTypes)
        {
            var test = await type.TestConnectionAsync(InputValues.Empty, CancellationToken.None);
            Assert.That(test.Message, Is.EqualTo("YAML says 42."));
            versions.Add(test.Details["yaml_version"]);
        }

        var own = typeof(YamlDotNet.RepresentationModel.YamlStream).Assembly.GetName().Version!.ToString();
        Assert.That(versions, Is.EqualTo(new[] { "13.0.0.0", "15.0.0.0" }));
        Assert.That(versions, Has.None.EqualTo(own));
    }

    [Test]
    public async Task MissingDependency_WithoutDepsFile_DoesNotFallBackOnTheHostsCopy()
    {
        using var folders = new PluginFolders();
        folders.Copy("MissingDependency", "missing", "*.deps.json");
        using var rig = new CatalogRig([folders.Directory]);
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins.Single().Reason, Does.Contain("YamlDotNet 13.0.0.0"));
        Assert.That(rig.Catalog.CredentialTypes, Is.Empty);
    }

    [Test]
    public async Task BackendName_TakenByAnotherPlugin_IsRefusedByName()
    {
        using var folders = new PluginFolders();
        folders.Copy("FakeBackend", "a");
        folders.Copy("FakeBackend", "b").Edit("\"fake\"", "\"other\"");
        using var rig = new CatalogRig([folders.Directory]);
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins.Select(plugin => plugin.State), Is.EqualTo(new[] { PluginState.Active, PluginState.Malfunctioned }));
        Assert.That(rig.Catalog.Plugins[1].Reason, Does.Contain("'fake' is already offered by the plugin fake"));
        Assert.That(rig.Catalog.Backends, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CredentialType_TakenByAnotherPlugin_TakesBackAllThatPluginOffered()
    {
        using var rig = new CatalogRig(
            [TestPlugins.Directory("PrivateDependencyA"), TestPlugins.Directory("DuplicateName")],
            ("Settings:duplicate_name:second", "private_dependency_a"));
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins[1].Reason, Does.Contain("'private_dependency_a' is already offered by the plugin private_dependency_a"));
        Assert.That(rig.Catalog.TryGetCredentialType("duplicate_name", out _), Is.False);
    }

    [Test]
    public async Task PluginId_OfAnotherFolder_IsRefused()
    {
        using var folders = new PluginFolders();
        folders.Copy("PrivateDependencyA", "a");
        folders.Copy("PrivateDependencyA", "b");
        using var rig = new CatalogRig([folders.Directory]);
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins[1].Reason, Does.Contain("same id").And.Contain(rig.Catalog.Plugins[0].Directory));
        Assert.That(rig.Catalog.Plugins[0].State, Is.EqualTo(PluginState.Active));
    }

    [Test]
    public async Task DisabledPlugin_IsListedAndNotLoaded()
    {
        using var rig = new CatalogRig([TestPlugins.Directory("FakeBackend")], ("Disabled:0", "fake"));
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Disabled));
        Assert.That(rig.Catalog.TryGetBackend("fake", out _), Is.False);
    }

    [Test]
    public async Task FolderWithoutManifest_IsNotAPluginYet_AndIsLoadedOnceItHasOne()
    {
        using var folders = new PluginFolders();
        var folder = folders.Copy("FakeBackend", "late", "plugin.json");
        using var rig = new CatalogRig([folders.Directory]);
        await rig.LoadAsync();
        Assert.That(rig.Catalog.Plugins, Is.Empty);

        var changes = 0;
        rig.Catalog.Changed += (_, _) => changes++;
        File.Copy(Path.Combine(TestPlugins.Folder("FakeBackend"), "plugin.json"), Path.Combine(folder.Path, "plugin.json"));
        await rig.LoadAsync();
        await rig.LoadAsync();

        Assert.That(rig.Catalog.TryGetBackend("fake", out _), Is.True);
        Assert.That((changes, rig.Catalog.Plugins.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task MissingPluginDirectory_IsToldAndHarmsNothing()
    {
        using var rig = new CatalogRig(["/nowhere/at/all", TestPlugins.Directory("FakeBackend")]);
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Backends, Has.Count.EqualTo(1));
        Assert.That(rig.Log.Lines, Has.Some.Contains("/nowhere/at/all does not exist"));
    }

    [Test]
    public async Task AssemblyThatIsNone_IsRefusedByName()
    {
        using var folders = new PluginFolders();
        var folder = folders.Copy("FakeBackend", "fake");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "ContainerGroups.TestPlugins.FakeBackend.dll"), "no assembly");
        using var rig = new CatalogRig([folders.Directory]);
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins.Single().Reason, Does.Contain("FakeBackend.dll is not a .NET assembly"));
    }

    [Test]
    public async Task UnknownBackend_IsUnreachable_SoThatItsJobsLiveOn()
    {
        using var rig = new CatalogRig([TestPlugins.Directory("FakeBackend")]);
        await rig.LoadAsync();

        Assert.That(() => rig.Catalog.GetBackend("kubernetes"),
            Throws.TypeOf<BackendException>().With.Property("Reason").EqualTo(BackendFailureReason.Unreachable)
                .And.Message.Contains("'kubernetes'"));
    }
}
