using ContainerGroups.Host.Cli;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class InventoryTextTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void None_IsTheLocalhost() =>
        Assert.That(InventoryText.Read([]).Text, Does.StartWith("localhost ansible_connection=local"));

    [Test]
    public void File_IsTakenAsItIsWritten()
    {
        var text = "# mine\n[web]\nweb1\n";
        Assert.That(InventoryText.Read([Write("hosts", text)]), Is.EqualTo(new InventoryText("hosts", text)));
    }

    [Test]
    public void List_IsOneHostPerLine() =>
        Assert.That(InventoryText.Read(["web1, web2,"]), Is.EqualTo(new InventoryText("web1, web2", "web1\nweb2\n")));

    [Test]
    public void Several_BeginOutsideOfSections()
    {
        var text = InventoryText.Read([Write("a", "[web]\nweb1\n"), "db1,"]).Text;
        Assert.That(text, Is.EqualTo("[web]\nweb1\n\n[ungrouped]\ndb1\n"));
    }

    [Test]
    public void Several_WithYaml_AreRefusedNamingIt()
    {
        var yaml = Write("b.yml", "all:\n  hosts:\n    web1:\n");
        Assert.That(
            () => InventoryText.Read(["db1,", yaml]),
            Throws.TypeOf<CliException>().With.Message.Contains("b.yml is YAML"));
    }

    [Test]
    public void MissingFile_SaysHowToNameAHost() =>
        Assert.That(() => InventoryText.Read(["web1"]), Throws.TypeOf<CliException>().With.Message.Contains("-i web1,"));

    [Test]
    public void Directory_IsRefused() =>
        Assert.That(() => InventoryText.Read([_directory.Path]), Throws.TypeOf<CliException>().With.Message.Contains("is a directory"));

    [Test]
    public void Program_IsRefusedWithTheWayAround()
    {
        var program = Write("inventory.py", "#!/usr/bin/python3\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.That(() => InventoryText.Read([program]), Throws.TypeOf<CliException>().With.Message.Contains("--list"));
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_directory.File(name), text);
        return _directory.File(name);
    }
}
