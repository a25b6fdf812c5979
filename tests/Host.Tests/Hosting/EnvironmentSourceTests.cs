using ContainerGroups.Host.Hosting;
using Microsoft.Extensions.Configuration;

namespace ContainerGroups.Host.Tests.Hosting;

public sealed class EnvironmentSourceTests
{
    [TestCase("CG_ADMIN_PASSWORD", "AdminPassword")]
    [TestCase("CG_DATA", "Data")]
    [TestCase("CG_CONNECTIONSTRINGS__POSTGRES", "ConnectionStrings:Postgres")]
    [TestCase("CG_CONNECTION_STRINGS__POSTGRES", "ConnectionStrings:Postgres")]
    [TestCase("CG_PLUGINS__DIRECTORIES__0", "Plugins:Directories:0")]
    [TestCase("CG_PLUGINS__local_instance__run_as", "Plugins:local_instance:run_as")]
    public void Variable_SetsItsKey(string variable, string key) => Assert.That(Read(variable)[key], Is.EqualTo("value"));

    [TestCase("ADMIN_PASSWORD")]
    [TestCase("XCG_ADMIN_PASSWORD")]
    public void OtherVariables_AreNotRead(string variable) => Assert.That(Read(variable).AsEnumerable(), Is.Empty);

    private static IConfigurationRoot Read(string variable) =>
        new ConfigurationBuilder().Add(new EnvironmentSource(new Dictionary<string, string> { [variable] = "value" })).Build();
}
