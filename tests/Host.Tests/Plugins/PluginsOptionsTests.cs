using System.Text;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Tests.Plugins;

internal sealed class PluginsOptionsTests
{
    [Test]
    public void ShippedConfiguration_LooksBesideTheExecutable()
    {
        var options = Bind(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json")));

        Assert.That(options.ResolveDirectories("/opt/cg"), Is.EqualTo(new[] { "/opt/cg/plugins" }));
        Assert.That((options.Disabled.Count, options.RegisterTimeout), Is.EqualTo((0, TimeSpan.FromSeconds(10))));
    }

    [Test]
    public void Directories_AreAbsoluteAndEachOnce_InTheirOrder()
    {
        var options = Bind("""{"Plugins": {"Directories": ["/b/", "a", "/b", "/opt/cg/a"]}}""");
        Assert.That(options.ResolveDirectories("/opt/cg"), Is.EqualTo(new[] { "/b", "/opt/cg/a" }));
    }

    [TestCase("""{"Plugins": {"RegisterTimeout": "00:00:00"}}""", "Plugins:RegisterTimeout")]
    [TestCase("""{"Plugins": {"Directories": [" "]}}""", "Plugins:Directories")]
    public void WrongValue_IsToldWithItsKey(string json, string key) =>
        Assert.That(() => Bind(json), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(key));

    private static PluginsOptions Bind(string json)
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        using var services = new ServiceCollection().AddPlugins(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<PluginsOptions>>().Value;
    }
}
