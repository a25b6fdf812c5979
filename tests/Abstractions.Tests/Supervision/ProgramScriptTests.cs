using System.Text;
using ContainerGroups.Abstractions.Supervision;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Abstractions.Tests.Supervision;

internal sealed class ProgramScriptTests
{
    /// <summary>Prints its own arguments and variables as the kernel has them.</summary>
    private const string Printer = $"cat /proc/$$/cmdline; echo '{Separator}'; cat /proc/$$/environ";
    private const string Separator = "<<<between-the-two>>>";

    private static readonly Dictionary<string, string> None = [];

    private static Gen<string> Texts => Gen.Frequency(
        (3, Gen.Elements("", "'", "''", "\"", "\\", "\n", "\r\n", "$HOME", "`id`", "$(id)", "a b", "-n", "!", "*", "~", "é", "😀", "#", ";", "&", "'\\''", "\t", "=")),
        (2, Gen.ArrayOf(Gen.Choose(1, 0x2FFF).Select(code => (char)code)).Select(characters => new string(characters))));

    [TestCase("dash")]
    [TestCase("bash")]
    [TestCase("busybox")]
    public void ArgumentsAndVariables_ArriveUnchanged(string kind)
    {
        using var shell = new Shell(kind);
        var arguments = Gen.ArrayOf(Texts, 6);
        var variables = Gen.ArrayOf(Texts, 4).Select(values => values.Select((value, index) => (Name: $"CG_TEST_{index}", Value: value)).ToArray());
        var path = $"{shell.Run}/program-under-test";

        Prop.ForAll(
            arguments.ToArbitrary(),
            variables.ToArbitrary(),
            (given, named) =>
            {
                var environment = named.ToDictionary(variable => variable.Name, variable => variable.Value);
                File.WriteAllBytes(path, ProgramScript.Build(["sh", "-c", Printer, .. given], environment));
                var (code, output) = shell.Execute("sh", [path, "run"]);
                var parts = output.Split($"{Separator}\n");
                var seen = parts[0].Split('\0')[3..^1];
                var set = parts[1].Split('\0').Where(variable => variable.StartsWith("CG_TEST_", StringComparison.Ordinal));
                return code == 0 && seen.SequenceEqual(given) && set.Order().SequenceEqual(named.Select(variable => $"{variable.Name}={variable.Value}").Order());
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [TestCase("")]
    [TestCase("1A")]
    [TestCase("A-B")]
    [TestCase("A=B")]
    [TestCase("A B")]
    [TestCase("A\n")]
    [TestCase("Ä")]
    [TestCase("UID")]
    [TestCase("PPID")]
    [TestCase("OPTIND")]
    public void VariableThatCannotBeSet_IsNamedInTheError(string name)
    {
        var failure = Assert.Throws<BackendException>(() => ProgramScript.Build(["true"], new Dictionary<string, string> { [name] = "hunter2" }));

        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
        Assert.That(failure.Message, Does.Contain(name).And.Not.Contain("hunter2"));
    }

    [Test]
    public void TextThatNoProgramCanBeGiven_IsRefusedWithoutShowingIt()
    {
        foreach (var value in new[] { "hunter2\0", "hunter2\ud800" })
        {
            var inVariable = Assert.Throws<BackendException>(() => ProgramScript.Build(["true"], new Dictionary<string, string> { ["TOKEN"] = value }));
            var inArgument = Assert.Throws<BackendException>(() => ProgramScript.Build(["true", value], None));

            Assert.That(inVariable!.Message, Does.Contain("TOKEN").And.Not.Contain("hunter2"));
            Assert.That(inArgument!.Message, Does.Contain("argument 1").And.Not.Contain("hunter2"));
        }
    }

    [Test]
    public void CommandThatIsNone_IsRefused()
    {
        foreach (string[] command in new string[][] { [], [""], ["-c"] })
        {
            Assert.That(() => ProgramScript.Build(command, None), Throws.TypeOf<BackendException>());
        }
    }

    [TestCase("dash")]
    [TestCase("bash")]
    [TestCase("busybox")]
    public void Check_TellsWhetherTheProgramIsThere(string kind)
    {
        using var shell = new Shell(kind);
        File.WriteAllText($"{shell.Run}/work/plain", "");
        var path = $"{shell.Run}/program-under-test";

        int Check(params string[] command)
        {
            File.WriteAllBytes(path, ProgramScript.Build(command, None));
            return shell.Execute("sh", [path, "check"]).Code;
        }

        Assert.That(Check("cat"), Is.Zero);
        Assert.That(Check("no-such-program"), Is.Not.Zero);
        Assert.That(Check("./plain"), Is.Not.Zero, "not executable");
        Assert.That(Check("/"), Is.Not.Zero, "a directory");
    }

    [Test]
    public void Script_HoldsNoByteOrderMark() =>
        Assert.That(ProgramScript.Build(["true"], None)[..3], Is.Not.EqualTo(Encoding.UTF8.GetPreamble()));
}
