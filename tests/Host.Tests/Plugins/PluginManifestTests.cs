using System.Text;
using ContainerGroups.Host.Plugins;

namespace ContainerGroups.Host.Tests.Plugins;

internal sealed class PluginManifestTests
{
    private const string Good = """
        {"id": "demo", "version": "1.2.3-beta.1", "contractVersion": "1.0", "assembly": "Demo.dll",
         "displayName": "Demo", "description": "Shows.", "publisher": "Somebody"}
        """;

    private string _directory = "";

    [SetUp]
    public void MakeFolder()
    {
        _directory = Directory.CreateTempSubdirectory("cg-manifest-").FullName;
        File.WriteAllText(Path.Combine(_directory, "Demo.dll"), "");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void GoodManifest_GivesEveryField()
    {
        Assert.That(Read(Good), Is.EqualTo(new PluginManifest
        {
            Id = "demo",
            Version = "1.2.3-beta.1",
            ContractVersion = "1.0",
            Assembly = "Demo.dll",
            DisplayName = "Demo",
            Description = "Shows.",
            Publisher = "Somebody",
        }));
    }

    [Test]
    public void ByteOrderMark_IsAccepted()
    {
        File.WriteAllText(Path.Combine(_directory, "plugin.json"), Good, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.That(PluginManifest.Read(new PluginDirectory(_directory)).Id, Is.EqualTo("demo"));
    }

    [TestCase("\"id\": \"demo\", ", "", "'id' is missing")]
    [TestCase("\"demo\"", "\"\"", "'id' must not be empty")]
    [TestCase("\"demo\"", "7", "'id' must be a string")]
    [TestCase("\"demo\"", "\"Demo\"", "'id' must be lower-case letters")]
    [TestCase("\"demo\"", "\"../demo\"", "'id' must be lower-case letters")]
    [TestCase("\"demo\"", "\"demo\\n\"", "'id' must be lower-case letters")]
    [TestCase("\"1.2.3-beta.1\"", "\"new\"", "'version' must be a version")]
    [TestCase("\"1.0\"", "\"one\"", "'contractVersion' must be MAJOR.MINOR")]
    [TestCase("\"1.0\"", "\"1\"", "'contractVersion' must be MAJOR.MINOR")]
    [TestCase("\"1.0\"", "\"-1.0\"", "'contractVersion' must be MAJOR.MINOR")]
    [TestCase("\"Demo.dll\"", "\"Other.dll\"", "'assembly' names Other.dll, which is not in the folder")]
    [TestCase("\"Demo.dll\"", "\"/etc/Demo.dll\"", "'assembly' must be the name of a .dll file")]
    [TestCase("\"Demo.dll\"", "\"../Demo.dll\"", "'assembly' must be the name of a .dll file")]
    [TestCase("\"Demo.dll\"", "\"Demo.exe\"", "'assembly' must be the name of a .dll file")]
    [TestCase("\"displayName\"", "\"DisplayName\"", "'DisplayName' is no field")]
    [TestCase("\"publisher\": \"Somebody\"", "\"publisher\": null", "'publisher' must be a string")]
    [TestCase("\"publisher\": \"Somebody\"", "\"id\": \"second\"", "not valid JSON")]
    [TestCase("{\"id\"", "[{\"id\"", "not valid JSON")]
    public void WrongField_IsNamed(string text, string replacement, string reason)
    {
        var bad = Good.Replace(text, replacement, StringComparison.Ordinal);
        Assert.That(bad, Is.Not.EqualTo(Good));
        var refusal = Assert.Throws<PluginRefusedException>(() => Read(bad));
        Assert.That(refusal.State, Is.EqualTo(PluginState.Malfunctioned));
        Assert.That(refusal.Message, Does.Contain(reason).And.Contain("plugin.json"));
    }

    [Test]
    public void SeveralWrongFields_AreToldAtOnce()
    {
        var refusal = Assert.Throws<PluginRefusedException>(() => Read("""{"id": 1, "assembly": "x"}"""));
        Assert.That(refusal.Message, Does.Contain("'id'").And.Contain("'version'").And.Contain("'contractVersion'").And.Contain("'assembly'"));
    }

    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("null")]
    public void JsonThatIsNoObject_IsRefused(string json) =>
        Assert.That(() => Read(json), Throws.TypeOf<PluginRefusedException>().With.Message.Contains("JSON object"));

    [Test]
    public void HugeFile_IsRefusedUnread() =>
        Assert.That(() => Read(Good + new string(' ', 100_000)), Throws.TypeOf<PluginRefusedException>().With.Message.Contains("longer than"));

    [TestCase("1.0", true)]
    [TestCase("1.1", false)]
    [TestCase("0.9", false)]
    [TestCase("2.0", false)]
    public void Contract_IsSupported_WithSameMajorAndNoNewerMinor(string version, bool supported) =>
        Assert.That(Read(Good.Replace("\"1.0\"", $"\"{version}\"", StringComparison.Ordinal)).IsSupported(), Is.EqualTo(supported));

    [Test]
    public void FieldOfALaterContract_IsNotAFault_TheVersionIs()
    {
        var manifest = Read(Good.Replace("\"1.0\"", "\"1.7\", \"requires\": []", StringComparison.Ordinal));
        Assert.That(manifest.IsSupported(), Is.False);
    }

    private PluginManifest Read(string json)
    {
        File.WriteAllText(Path.Combine(_directory, "plugin.json"), json);
        return PluginManifest.Read(new PluginDirectory(_directory));
    }
}
