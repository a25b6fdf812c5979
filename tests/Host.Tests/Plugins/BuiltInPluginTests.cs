using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>Plugins that the executable carries, and folders that have their ids.</summary>
internal sealed class BuiltInPluginTests
{
    private PluginFolders _folders = null!;

    [SetUp]
    public void SetUp() => _folders = new PluginFolders();

    [TearDown]
    public void TearDown() => _folders.Dispose();

    [Test]
    public async Task BuiltInPlugin_Works_WithItsOwnLibraries_AndWithoutAFolder()
    {
        using var rig = Rig();
        await rig.LoadAsync();

        var plugin = rig.Catalog.Plugins.Single();
        Assert.That((plugin.State, plugin.BuiltIn, plugin.Reason), Is.EqualTo((PluginState.Active, true, "")));
        Assert.That(plugin.Warnings, Is.Empty);
        var test = await rig.Catalog.CredentialTypes.Single().TestConnectionAsync(InputValues.Empty, CancellationToken.None);
        Assert.That(test.Details["yaml_version"], Is.EqualTo("13.0.0.0"));
    }

    [Test]
    public async Task FolderWithItsId_IsRefused_AndTellsTheSetting()
    {
        _folders.Copy("PrivateDependencyA", "a");
        using var rig = Rig();
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins.Select(plugin => plugin.State), Is.EqualTo(new[] { PluginState.Active, PluginState.Malfunctioned }));
        Assert.That(rig.Catalog.Plugins[1].Reason, Does.Contain("built-in plugin private_dependency_a").And.Contain("Plugins:Override"));
    }

    [Test]
    public async Task FolderThatTheConfigurationNames_TakesItsPlace()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        using var rig = Rig(("Override:0", "private_dependency_a"));
        await rig.LoadAsync();

        Assert.That(rig.Catalog.Plugins[0].State, Is.EqualTo(PluginState.Disabled));
        Assert.That(rig.Catalog.Plugins[0].Reason, Does.Contain(folder.Path));
        Assert.That((rig.Catalog.Plugins[1].State, rig.Catalog.Plugins[1].Directory), Is.EqualTo((PluginState.Active, folder.Path)));
    }

    [Test]
    public async Task FolderThatTheConfigurationNames_AfterTheStart_WaitsForARestart()
    {
        using var rig = Rig(("Override:0", "private_dependency_a"));
        await rig.LoadAsync();
        _folders.Copy("PrivateDependencyA", "a");
        await rig.RefreshAsync();

        Assert.That(rig.Catalog.Plugins[0].State, Is.EqualTo(PluginState.Active));
        Assert.That(rig.Catalog.Plugins[1].Reason, Does.Contain("restarted"));
    }

    [Test]
    public async Task BuiltInPlugin_NeedsNoTrust_AndCanBeDisabled()
    {
        using var trusting = Rig(("Trust:Required", "true"));
        using var disabling = Rig(("Disabled:0", "private_dependency_a"));
        await trusting.LoadAsync();
        await disabling.LoadAsync();

        Assert.That(trusting.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active));
        Assert.That(disabling.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Disabled));
    }

    private CatalogRig Rig(params (string Key, string Value)[] settings) =>
        new(TimeProvider.System, [_folders.Directory], [new CarriedPlugin("PrivateDependencyA")], settings);
}
