using ContainerGroups.Host.Hosting;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.Tests.Hosting;

public sealed class UnknownSettingsTests
{
    [TestCase("CG_ADMIN_PASSWORD")]
    [TestCase("cg_data")]
    [TestCase("CG_CONNECTIONSTRINGS__POSTGRES")]
    [TestCase("CG_DISPATCH__CLAIM_BATCH")]
    [TestCase("CG_PLUGINS__DIRECTORIES__0")]
    [TestCase("CG_PLUGINS__TRUST__PLUGINS__0__ID")]
    [TestCase("CG_PLUGINS__SETTINGS__local_instance__anything")]
    [TestCase("CG_LOGGING__LOGLEVEL__Microsoft.AspNetCore")]
    [TestCase("CG_TOKEN")]
    [TestCase("CG_INSECURE")]
    public void KnownVariable_IsPassedOver(string variable) => Assert.That(Unknown(variable), Is.Empty);

    [TestCase("CG_CONNECTIONSTRINGS__POSTGRE")]
    [TestCase("CG_DISPATCH_CLAIMBATCH")]
    [TestCase("CG_DISPATCH__CLAIMBATCH__0")]
    [TestCase("CG_PLUGINS__DIRECTORIESX")]
    [TestCase("CG_LOGGINGS__LOGLEVEL__DEFAULT")]
    public void UnknownVariable_IsNamedAsItWasWritten(string variable) =>
        Assert.That(Unknown(variable), Is.EqualTo(new[] { (variable, "the environment") }));

    [Test]
    public void FileWithEveryDefault_HasNothingUnknown() =>
        Assert.That(InFile(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json"))), Is.Empty);

    [Test]
    public void UnknownKeysOfAFile_AreNamedWithTheFile()
    {
        var unknown = InFile("""{"Urls": "https://*:8043", "dispatch": {"maxAttempts": 1, "Attempts": 2}, "Retentions": {"JobDays": 1}}""");

        Assert.That(unknown.Select(found => found.Name), Is.EquivalentTo(new[] { "dispatch:Attempts", "Retentions:JobDays" }));
        Assert.That(unknown.Select(found => found.Place), Is.All.EndsWith("settings.json"));
    }

    private static List<(string Name, string Place)> Unknown(string variable) =>
        Find(new ConfigurationBuilder().Add(new EnvironmentSource(new Dictionary<string, string> { [variable] = "value" })));

    private static List<(string Name, string Place)> InFile(string text)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("settings.json"), text);
        return Find(new ConfigurationBuilder().AddJsonFile(directory.File("settings.json")));
    }

    private static List<(string Name, string Place)> Find(IConfigurationBuilder sources) =>
        [.. new UnknownSettings(sources.Build(), NullLogger<UnknownSettings>.Instance).Find()];
}
