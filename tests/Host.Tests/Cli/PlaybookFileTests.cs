using ContainerGroups.Host.Cli;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class PlaybookFileTests
{
    private const string Playbook = "- hosts: all\n  vars:\n    secret: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n  tasks: []\n";

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Playbook_IsUploadedWithItsDirectory() =>
        Assert.That(PlaybookFile.Find(Write(Playbook), null), Is.EqualTo(new PlaybookFile(_directory.File("plays"), "site.yml")));

    [Test]
    public void Playbook_InANamedDirectory_IsUploadedWithThat() =>
        Assert.That(PlaybookFile.Find(Write(Playbook), _directory.Path), Is.EqualTo(new PlaybookFile(_directory.Path, "plays/site.yml")));

    [Test]
    public void Playbook_OutsideTheNamedDirectory_IsRefused()
    {
        Directory.CreateDirectory(_directory.File("other"));
        Assert.That(() => PlaybookFile.Find(Write(Playbook), _directory.File("other")), Refused("is not inside"));
    }

    [TestCase("- hosts: all\n  tasks: [\n", "not valid YAML at line 3, column 1")]
    [TestCase("- hosts: all\n\ttasks:\n", "not valid YAML at line")]
    [TestCase("", "is empty")]
    [TestCase("# nothing\n", "is empty")]
    [TestCase("hosts: all\n", "is not a list of plays")]
    public void NoPlaybook_IsToldInOneSentence(string text, string reason) =>
        Assert.That(() => PlaybookFile.Find(Write(text), null), Refused(reason));

    [Test]
    public void MissingFile_IsNamed() => Assert.That(() => PlaybookFile.Find("nosuch.yml", null), Refused("nosuch.yml does not exist"));

    private static NUnit.Framework.Constraints.Constraint Refused(string reason) =>
        Throws.TypeOf<CliException>().With.Message.Contains(reason).And.Property(nameof(CliException.ExitCode)).EqualTo(ExitCodes.BadRequest);

    private string Write(string text)
    {
        var path = _directory.File("plays/site.yml");
        Directory.CreateDirectory(_directory.File("plays"));
        File.WriteAllText(path, text);
        return path;
    }
}
