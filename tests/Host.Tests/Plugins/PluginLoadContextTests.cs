using System.Reflection;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

internal sealed class PluginLoadContextTests
{
    private readonly PluginLoadContext _context = new(
        "private_dependency_a",
        new PluginDirectory(TestPlugins.Folder("PrivateDependencyA")),
        "ContainerGroups.TestPlugins.PrivateDependencyA.dll");

    [Test]
    public void Contract_IsTheHostsOwn() =>
        Assert.That(Load("ContainerGroups.Abstractions"), Is.SameAs(typeof(IPlugin).Assembly));

    [TestCase("System.Text.Json")]
    [TestCase("Microsoft.Extensions.Logging.Abstractions")]
    public void Framework_IsTheHostsOwn(string name) => Assert.That(Load(name), Is.SameAs(Assembly.Load(name)));

    [Test]
    public void PrivateLibrary_IsThePluginsOwn()
    {
        var own = Load("YamlDotNet");
        Assert.That(own.GetName().Version, Is.EqualTo(new Version(13, 0, 0, 0)));
        Assert.That(own, Is.Not.SameAs(typeof(YamlDotNet.RepresentationModel.YamlStream).Assembly));
    }

    [TestCase("Npgsql")]
    [TestCase("containergroups")]
    [TestCase("Microsoft.EntityFrameworkCore")]
    public void LibraryOfTheHost_IsNotLent(string name) =>
        Assert.That(() => Load(name), Throws.TypeOf<FileNotFoundException>().With.Message.Contains(name));

    private Assembly Load(string name) => _context.LoadFromAssemblyName(new AssemblyName(name));
}
