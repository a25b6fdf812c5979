using System.Buffers;
using System.Text;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Output;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Ansible;

public sealed class AnsibleErrorsTests
{
    [TestCase("missing", "", "The playbook \"missing.yml\" does not exist in the project.")]
    [TestCase("yaml", "", "yaml.yml is not valid YAML: found unexpected end of stream (line 5, column 1).")]
    [TestCase("limit", "nothing", "No host of the inventory matches the limit \"nothing\".")]
    [TestCase("import", "", "Ansible could not find gone.yml.")]
    [TestCase("syntax", "", "Ansible stopped: 'taskz' is not a valid attribute for a Play (syntax.yml, line 1).")]
    [TestCase("role", "", "The role \"no_such_role\" was not found (role.yml, line 3).")]
    public void Stopped_OfARecordedRun_IsOneSentence(string recording, string limit, string expected) =>
        Assert.That(AnsibleErrors.Stopped(TextOf(recording), limit), Is.EqualTo(expected));

    [TestCase("module", "no_such_module")]
    [TestCase("scalar", "must be a list of plays")]
    public void Stopped_ForAnyOtherReason_SaysAnsiblesOwn(string recording, string part)
    {
        var sentence = AnsibleErrors.Stopped(TextOf(recording), "");

        Assert.That(sentence, Does.StartWith("Ansible stopped: ").And.Contain(part).And.EndWith("line 4).").Or.EndWith("line 1)."));
        Assert.That(sentence, Does.Not.Contain("\n").And.Not.Contain("/runner"));
    }

    [Test]
    public void Stopped_InTheWordsOfNewerReleases_IsFoundToo() =>
        Assert.That(
            AnsibleErrors.Stopped("[ERROR]: YAML parsing failed: Did not find expected key.\nOrigin: /runner/project/site.yml:3:5\n", ""),
            Is.EqualTo("site.yml is not valid YAML: Did not find expected key (line 3, column 5)."));

    [Test]
    public void Stopped_WithoutAnErrorOfAnsible_IsNothing() =>
        Assert.That(AnsibleErrors.Stopped(TextOf("site"), ""), Is.Null);

    [Test]
    public void UnknownHostPattern_IsNamed() =>
        Assert.That(
            AnsibleErrors.NothingRun(TextOf("pattern")), Is.EqualTo("No host of the inventory matches \"nowhere\", so nothing was run."));

    [TestCase("[WARNING]: Could not match supplied host pattern, ignoring: nowhere\n[WARNING]: No hosts matched, nothing to do\n", "No host of the inventory matches \"nowhere\", so nothing was run.")]
    [TestCase("[WARNING]: provided hosts list is empty\n[WARNING]: No hosts matched, nothing to\ndo\n", "The inventory has no host to run on, so nothing was run.")]
    [TestCase("web | SUCCESS => {}\n", null)]
    public void ModuleThatRanNowhere_IsTold(string text, string? expected) =>
        Assert.That(AnsibleErrors.NothingRun(text), Is.EqualTo(expected));

    [TestCase("The task includes an option with an undefined variable. The error was: 'x' is undefined. 'x' is undefined\n\nmore", "'x' is undefined")]
    [TestCase("  non-zero return code", "non-zero return code")]
    [TestCase("one.\ntwo", "one")]
    public void FirstLine_OfAMessage_IsItsPoint(string message, string expected) =>
        Assert.That(AnsibleErrors.FirstLine(message), Is.EqualTo(expected));

    private static string TextOf(string recording)
    {
        var text = new ArrayBufferWriter<byte>();
        new AnsiStripper().Strip(new SpoolRun().Feed(Recordings.Read(recording), []).Text, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
