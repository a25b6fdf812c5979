using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Architecture.Tests;

/// <summary>Host and plugins meet in the contract and nowhere else.</summary>
internal sealed class ProjectTests
{
    private const string Contract = "ContainerGroups.Abstractions";

    private static IEnumerable<string> PluginFolders => Solution.Plugins;

    private static IEnumerable<string> GoodTestPlugins => ["FakeBackend", "PrivateDependencyA", "PrivateDependencyB"];

    [Test]
    public void Host_ReferencesTheContractOnly() => Assert.That(
        References(Solution.ProjectIn(Path.Combine(Repository.Root, "src", "Host"))), Is.EqualTo(new[] { Contract }));

    [Test]
    public void HostAssembly_NamesNoPlugin() => Assert.That(
        typeof(Host.HostApp).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith("ContainerGroups", StringComparison.Ordinal)),
        Is.EqualTo(new[] { Contract }));

    [TestCaseSource(nameof(PluginFolders))]
    public void Plugin_ReferencesTheContractOnly_AndLeavesItToTheHost(string folder)
    {
        var project = Solution.ProjectIn(folder);
        Assert.That(References(project), Is.EqualTo(new[] { Contract }));

        var contract = project.Descendants("ProjectReference").Single();
        Assert.That(contract.Attribute("Private")?.Value, Is.EqualTo("false"));
        Assert.That(contract.Attribute("ExcludeAssets")?.Value, Is.EqualTo("runtime"));
    }

    [TestCaseSource(nameof(PluginFolders))]
    public void PluginOutput_HoldsItsAssembly_AndNothingThatTheHostShares(string folder)
    {
        var output = Solution.OutputOf(folder);
        var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "plugin.json"))).RootElement;

        Assert.That(Path.Combine(output, manifest.GetProperty("assembly").GetString()!), Does.Exist);
        Assert.That(SharedIn(output), Is.Empty);
    }

    [TestCaseSource(nameof(GoodTestPlugins))]
    public void TestPlugin_HoldsNothingThatTheHostShares(string project) => Assert.That(SharedIn(TestPlugins.Folder(project)), Is.Empty);

    [Test]
    public void SharedFileInAPluginFolder_IsSeen() => Assert.That(
        SharedIn(TestPlugins.Folder("BringsOwnAbstractions")), Is.EqualTo(new[] { Contract }));

    [Test]
    public void SharedAssemblies_AreTheContractAndTheFramework()
    {
        Assert.That(new[] { Contract, "System.Runtime", "System.Text.Json", "Microsoft.Extensions.Logging.Abstractions", "System.Private.CoreLib" },
            Has.All.Matches<string>(SharedAssemblies.Contains));
        Assert.That(new[] { "YamlDotNet", "Npgsql", "Microsoft.EntityFrameworkCore", "containergroups" },
            Has.None.Matches<string>(SharedAssemblies.Contains));
    }

    /// <summary>The projects whose code a project uses; those that are only built before it don't count.</summary>
    private static IEnumerable<string> References(XDocument project) => project.Descendants("ProjectReference")
        .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> SharedIn(string folder)
    {
        var files = Directory.GetFiles(folder, "*.dll", SearchOption.AllDirectories);
        Assert.That(files, Is.Not.Empty);
        return files.Select(file => AssemblyName.GetAssemblyName(file).Name!).Where(SharedAssemblies.Contains);
    }
}
