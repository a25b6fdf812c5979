using System.Text.Json.Nodes;
using ContainerGroups.Host.Cli;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class ExtraVarsArgumentsTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void None_IsEmpty() => Assert.That(ExtraVarsArguments.Read([]), Is.Empty);

    [TestCase("a=1", """{"a":"1"}""")]
    [TestCase("a=1 b='x y' c=", """{"a":"1","b":"x y","c":""}""")]
    [TestCase("a=b=c", """{"a":"b=c"}""")]
    [TestCase("""{"a": 1, "b": [true, null]}""", """{"a":1,"b":[true,null]}""")]
    [TestCase("{a: 1, b: yes}", """{"a":1,"b":true}""")]
    public void One_IsAMapping(string argument, string json) => AssertSame(ExtraVarsArguments.Read([argument]), json);

    [Test]
    public void Several_AreMerged_TheLastWins()
    {
        var file = Write("a: 1\nb: 2 # two\n");
        AssertSame(ExtraVarsArguments.Read(["b=of-pair", "@" + file, """{"a": 3}"""]), """{"b":2,"a":3}""");
    }

    [Test]
    public void FileAlone_GoesAsItIs()
    {
        const string Text = "# keep me\na: 1\n";
        Assert.That(ExtraVarsArguments.Read(["@" + Write(Text)]), Is.EqualTo(Text));
    }

    [TestCase("a", "not a")]
    [TestCase("=1", "not =1")]
    [TestCase("@/nowhere/vars.yml", "/nowhere/vars.yml can't be read")]
    [TestCase("{\"a\": ", "no mapping")]
    public void Nonsense_IsRefusedNamingIt(string argument, string reason) =>
        Assert.That(() => ExtraVarsArguments.Read([argument]), Throws.TypeOf<CliException>().With.Message.Contains(reason));

    [Test]
    public void FileWithAList_IsRefusedNamingIt()
    {
        var file = Write("- a\n- b\n");
        Assert.That(() => ExtraVarsArguments.Read(["@" + file]), Throws.TypeOf<CliException>().With.Message.Contains(file));
    }

    private static void AssertSame(string actual, string json) =>
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(json)), Is.True, actual);

    private string Write(string text)
    {
        var path = _directory.File("vars.yml");
        File.WriteAllText(path, text);
        return path;
    }
}
