using ContainerGroups.Host.Plugins;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Tests.Plugins;

internal sealed class PluginTrustTests
{
    private const string Assembly = "ContainerGroups.TestPlugins.PrivateDependencyA.dll";

    private PluginFolders _folders = null!;
    private PluginFolders.PluginFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folders = new PluginFolders();
        _folder = _folders.Copy("PrivateDependencyA", "a");
    }

    [TearDown]
    public void TearDown() => _folders.Dispose();

    [Test]
    public async Task ListedPlugin_IsActive()
    {
        using var rig = new CatalogRig([_folders.Directory], [.. Trust()]);
        await rig.LoadAsync();
        Assert.That(rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active), rig.Catalog.Plugins.Single().Reason);
    }

    [Test]
    public async Task HashesInCapitals_AreTheSame()
    {
        using var rig = new CatalogRig([_folders.Directory], [.. Trust().Select(setting => (setting.Key, setting.Key.Contains("Files", StringComparison.Ordinal) ? setting.Value.ToUpperInvariant() : setting.Value))]);
        await rig.LoadAsync();
        Assert.That(rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active), rig.Catalog.Plugins.Single().Reason);
    }

    [Test]
    public async Task UnlistedPlugin_IsRefusedByName()
    {
        using var rig = new CatalogRig([_folders.Directory], ("Trust:Required", "true"));
        await rig.LoadAsync();
        Assert.That(rig.Catalog.Plugins.Single().Reason, Does.Contain("does not name the plugin private_dependency_a"));
    }

    [Test]
    public async Task MissingExtraAndChangedFiles_AreEachNamed_AndNoCodeRuns()
    {
        var trust = Trust();
        File.Delete(Path.Combine(_folder.Path, "YamlDotNet.dll"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "extra.dll"), "");
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, Assembly), " ");
        using var rig = new CatalogRig([_folders.Directory], [.. trust]);
        await rig.LoadAsync();

        var plugin = rig.Catalog.Plugins.Single();
        Assert.That(plugin.State, Is.EqualTo(PluginState.Malfunctioned));
        Assert.That(plugin.Reason, Does.Contain("YamlDotNet.dll is missing").And.Contain("extra.dll is not in the list").And.Contain($"{Assembly} is another file"));
        Assert.That(Directory.Exists(Path.Combine(rig.DataDirectory, "plugins")), Is.False, "the plugin got its data directory, so it was loaded");
    }

    [Test]
    public void FileThatChangesAfterTheCheck_IsNotRead()
    {
        var files = new PluginDirectory(_folder.Path);
        var trusted = new TrustedFiles(files, files.Hashes());
        File.AppendAllText(Path.Combine(_folder.Path, Assembly), " ");

        Assert.That(() => trusted.Read(Assembly), Throws.TypeOf<PluginRefusedException>().With.Message.Contains(Assembly));
        Assert.That(trusted.Read("plugin.json"), Is.Not.Empty);
    }

    [TestCase("Trust:Plugins:0:Files:a.dll", "abc", "a.dll of x must be 64")]
    [TestCase("Trust:Plugins:1:Id", "x", "names x twice")]
    [TestCase("Trust:Plugins:1:Id", " ", "without an Id")]
    public void ListThatCannotBeMeant_IsRefused(string key, string value, string reason)
    {
        using var rig = new CatalogRig([_folders.Directory], ("Trust:Required", "true"), ("Trust:Plugins:0:Id", "x"), (key, value));
        Assert.That(() => rig.LoadAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(reason));
    }

    private List<(string Key, string Value)> Trust() =>
    [
        ("Trust:Required", "true"),
        ("Trust:Plugins:0:Id", "private_dependency_a"),
        .. new PluginDirectory(_folder.Path).Hashes().Select(file => ($"Trust:Plugins:0:Files:{file.Key}", file.Value)),
    ];
}
