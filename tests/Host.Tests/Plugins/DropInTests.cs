using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>Folders that come, change and go while the server runs.</summary>
internal sealed class DropInTests
{
    private PluginFolders _folders = null!;
    private CatalogRig _rig = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folders = new PluginFolders();
        _rig = new CatalogRig([_folders.Directory]);
        await _rig.LoadAsync();
    }

    [TearDown]
    public void Stop()
    {
        _rig.Dispose();
        _folders.Dispose();
    }

    [Test]
    public async Task NewFolder_IsActive_AndToldOnce()
    {
        var changes = 0;
        _rig.Catalog.Changed += (_, _) => changes++;
        _folders.Copy("PrivateDependencyA", "a");
        await _rig.RefreshAsync();
        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active), _rig.Catalog.Plugins.Single().Reason);
        Assert.That(_rig.Catalog.TryGetCredentialType("private_dependency_a", out _), Is.True);
        Assert.That(changes, Is.EqualTo(1));
    }

    [Test]
    public async Task FolderWithoutManifest_IsNoPluginYet()
    {
        _folders.Copy("PrivateDependencyA", "a", "plugin.json");
        await _rig.RefreshAsync();
        Assert.That(_rig.Catalog.Plugins, Is.Empty);
    }

    [Test]
    public async Task FolderThatStillGrows_IsNotLoaded_UntilItRests()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        Assert.That(await _rig.LookAsync(), Is.True);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "more.txt"), "still copying");
        Assert.That(await _rig.LookAsync(), Is.True);
        Assert.That(_rig.Catalog.Plugins, Is.Empty);

        Assert.That(await _rig.LookAsync(), Is.False);
        Assert.That(_rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active));
    }

    [Test]
    public async Task FolderThatLacksALibrary_IsLoaded_WhenTheLibraryComes()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a", "YamlDotNet.dll");
        await _rig.RefreshAsync();
        Assert.That(_rig.Catalog.Plugins.Single().Reason, Does.Contain("YamlDotNet"));

        File.Copy(Path.Combine(TestPlugins.Folder("PrivateDependencyA"), "YamlDotNet.dll"), Path.Combine(folder.Path, "YamlDotNet.dll"));
        await _rig.RefreshAsync();

        Assert.That((_rig.Catalog.Plugins.Single().State, _rig.Catalog.Plugins.Single().Reason), Is.EqualTo((PluginState.Active, "")));
    }

    [Test]
    public async Task PluginThatFailed_RunsItsNewCode_WhenItsAssemblyIsReplaced()
    {
        var folder = _folders.Copy("ThrowsOnRegister", "a");
        await _rig.RefreshAsync();
        Assert.That(_rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Malfunctioned));

        // The same file names with other code: nothing of the first attempt may stick.
        File.Copy(
            Path.Combine(TestPlugins.Folder("PrivateDependencyA"), "ContainerGroups.TestPlugins.PrivateDependencyA.dll"),
            Path.Combine(folder.Path, "ContainerGroups.TestPlugins.ThrowsOnRegister.dll"),
            overwrite: true);
        File.Copy(Path.Combine(TestPlugins.Folder("PrivateDependencyA"), "YamlDotNet.dll"), Path.Combine(folder.Path, "YamlDotNet.dll"));
        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active), _rig.Catalog.Plugins.Single().Reason);
    }

    [Test]
    public async Task ReplacedFolder_AsksForARestart_AndTheOldCodeGoesOn()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        await _rig.RefreshAsync();
        folder.Edit("1.0.0", "2.0.0");
        await _rig.RefreshAsync();

        var plugin = _rig.Catalog.Plugins.Single();
        Assert.That((plugin.State, plugin.Version), Is.EqualTo((PluginState.Active, "1.0.0")));
        Assert.That(plugin.RestartReason, Does.Contain("changed").And.Contain("restarted"));
        Assert.That(_rig.Log.Lines, Has.Some.StartsWith("Warning").And.Some.Contains("needs a restart"));
        var test = await _rig.Catalog.CredentialTypes.Single().TestConnectionAsync(InputValues.Empty, CancellationToken.None);
        Assert.That(test.Message, Is.EqualTo("YAML says 42."));
    }

    [Test]
    public async Task SameFilesCopiedAgain_NeedNoRestart()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        await _rig.RefreshAsync();
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        }

        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.Plugins.Single().RestartReason, Is.Empty);
    }

    [Test]
    public async Task RemovedFolder_AsksForARestart_UntilItIsBack()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        await _rig.RefreshAsync();
        var aside = folder.Path + ".aside";
        Directory.Move(folder.Path, aside);
        File.Move(Path.Combine(aside, "plugin.json"), Path.Combine(aside, "plugin.json.aside"));
        await _rig.RefreshAsync();
        Assert.That(_rig.Catalog.Plugins.Single().RestartReason, Does.Contain("gone"));
        Assert.That(_rig.Catalog.TryGetCredentialType("private_dependency_a", out _), Is.True);

        File.Move(Path.Combine(aside, "plugin.json.aside"), Path.Combine(aside, "plugin.json"));
        Directory.Move(aside, folder.Path);
        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.Plugins.Single().RestartReason, Is.Empty);
    }

    [Test]
    public async Task RemovedFolder_ThatWasNotUsed_IsForgotten_AndFreesItsId()
    {
        var broken = _folders.Copy("PrivateDependencyA", "a", "YamlDotNet.dll");
        _folders.Copy("PrivateDependencyA", "b");
        await _rig.RefreshAsync();
        Assert.That(_rig.Catalog.Plugins.Select(plugin => plugin.State), Has.None.EqualTo(PluginState.Active));
        Assert.That(_rig.Catalog.Plugins[1].Reason, Does.Contain("same id"));

        Directory.Delete(broken.Path, recursive: true);
        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.Plugins.Single().State, Is.EqualTo(PluginState.Active), _rig.Catalog.Plugins.Single().Reason);
    }

    [Test]
    public async Task UnreadableFolder_IsTold_AndHarmsNoOther()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        File.Delete(Path.Combine(folder.Path, "plugin.json"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "loop"), folder.Path);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "plugin.json"), Path.Combine(folder.Path, "nowhere.json"));
        _folders.Copy("PrivateDependencyB", "b");
        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.CredentialTypes.Single().Namespace, Is.EqualTo("private_dependency_b"));
    }

    [Test]
    public async Task FolderThatTheServiceCanWrite_IsAWarning()
    {
        var folder = _folders.Copy("PrivateDependencyA", "a");
        await _rig.RefreshAsync();

        Assert.That(_rig.Catalog.Plugins.Single().Warnings.Single(), Does.Contain(Path.GetDirectoryName(folder.Path)!).And.Contain("can write"));
    }
}
