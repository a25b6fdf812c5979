using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Plugins;

/// <summary><c>containergroups plugin check</c>: the server's words without the server.</summary>
public sealed class PluginCheckTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [TestCase("OldContract", "old_contract", "contract 0.9")]
    [TestCase("NewerContract", "newer_contract", "contract 1.999")]
    [TestCase("ThrowsOnRegister", "throws_on_register", "the licence file is missing")]
    [TestCase("DuplicateName", "duplicate_name", "already offered by this plugin itself")]
    [TestCase("BringsOwnAbstractions", "brings_own_abstractions", "only the server may bring")]
    [TestCase("MissingDependency", "missing_dependency", "lacks what")]
    [TestCase("NoEntryPoint", "no_entry_point", "no public class")]
    [TestCase("BadManifest", "BadManifest", "'asembly' is no field")]
    [TestCase("HangsOnRegister", "hangs_on_register", "did not finish registering within 1 seconds")]
    public async Task BrokenPlugin_IsOneSentence_AndAnExitStatus(string project, string id, string fault)
    {
        using var check = Check(TestPlugins.Folder(project), ("CG_PLUGINS__REGISTERTIMEOUT", "00:00:01"));

        Assert.That(await check.EndsAsync(), Is.EqualTo(120), check.Output + check.Error);
        Assert.That(check.Error.Split('\n'), Has.Length.EqualTo(1));
        Assert.That(check.Error, Does.StartWith($"containergroups: the plugin {id} would not be used").And.Contain(fault));
    }

    [Test]
    public async Task GoodPlugin_ShowsWhatItGives_AndItsEntryForTheTrustPolicy()
    {
        string entry;
        using (var check = Check(TestPlugins.Folder("FakeBackend")))
        {
            Assert.That(await check.EndsAsync(), Is.Zero, check.Error);
            Assert.That(check.Output, Does.Contain("The plugin fake 1.0.0 would be active.").And.Contain("Execution backends: fake"));
            entry = check.Output[check.Output.IndexOf('{', StringComparison.Ordinal)..];
        }

        await File.WriteAllTextAsync(
            _directory.File("appsettings.json"), "{\"Plugins\": {\"Trust\": {\"Required\": true, \"Plugins\": [" + entry + "]}}}");
        using var trusted = Check(TestPlugins.Folder("FakeBackend"));
        using var other = Check(TestPlugins.Folder("PrivateDependencyA"));

        Assert.That(await trusted.EndsAsync(), Is.Zero, trusted.Error);
        Assert.That(await other.EndsAsync(), Is.EqualTo(120));
        Assert.That(other.Error, Does.Contain("Plugins:Trust does not name the plugin private_dependency_a"));
    }

    [Test]
    public async Task NameThatAnInstalledPluginHas_IsToldAsTheServerWould()
    {
        PluginCopy.Into(_directory.File("plugins/installed"), "PrivateDependencyA");
        using var check = Check(TestPlugins.Folder("PrivateDependencyA"), ("CG_PLUGINS__DIRECTORIES__0", _directory.File("plugins")));

        Assert.That(await check.EndsAsync(), Is.EqualTo(120));
        Assert.That(check.Error, Does.Contain("same id").And.Contain(_directory.File("plugins/installed")));
    }

    [Test]
    public async Task FolderInUse_IsNotInItsOwnWay()
    {
        PluginCopy.Into(_directory.File("plugins/installed"), "PrivateDependencyA");
        using var check = Check(_directory.File("plugins/installed/"), ("CG_PLUGINS__DIRECTORIES__0", _directory.File("plugins")));
        Assert.That(await check.EndsAsync(), Is.Zero, check.Error);
    }

    [TestCase("nowhere", "there is no folder")]
    [TestCase("", "There is no plugin.json")]
    public async Task FolderThatIsNone_IsTold(string folder, string sentence)
    {
        using var check = Check(_directory.File(folder));
        Assert.That(await check.EndsAsync(), Is.EqualTo(120));
        Assert.That(check.Error, Does.Contain(sentence));
    }

    private ServerProcess Check(string folder, params (string Name, string Value)[] variables) => ServerProcess.Start(
        _directory.Path, variables.ToDictionary(variable => variable.Name, variable => variable.Value), "plugin", "check", folder);
}
