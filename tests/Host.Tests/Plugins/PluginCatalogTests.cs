using System.Runtime.Versioning;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

[SupportedOSPlatform("linux")]
internal sealed class PluginCatalogTests
{
    [Test]
    public async Task FakeBackend_FromDisk_IsActiveAndOffered()
    {
        using var rig = new CatalogRig([TestPlugins.Directory("FakeBackend")]);
        await rig.LoadAsync();

        var plugin = rig.Catalog.Plugins.Single();
        Assert.That((plugin.Id, plugin.State, plugin.Reason), Is.EqualTo(("fake", PluginState.Active, "")));
        Assert.That(rig.Catalog.GetBackend("fake").Capabilities.UsesInstances, Is.True);
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
}
