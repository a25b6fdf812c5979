using ContainerGroups.Abstractions.Supervision;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Abstractions.Tests.Supervision;

internal sealed class RecordTests
{
    private const string Exit = "version=1\ncode=137\nlength=12345678901\ntimed_out=0\noom_kills=2\nexec_failed=0\ndamaged=1\nran=2045\nend=1\n";
    private const string Start = "version=1\nsupervisor=10 200\nprogram=11 201\nboot=0b5c\ntimeout=0\ngrace=10\nend=1\n";

    [Test]
    public void ExitRecord_IsRead()
    {
        var exit = ExitRecord.Parse(Exit + new string(' ', 3000))!.ToJobExit();

        Assert.That(exit.ExitCode, Is.EqualTo(137));
        Assert.That(exit.Signal, Is.EqualTo(9));
        Assert.That(exit.OutputLength, Is.EqualTo(12345678901));
        Assert.That(exit.OutOfMemory, Is.True);
        Assert.That(exit.Detail, Is.Not.Empty);
        Assert.That(exit.RunTime, Is.EqualTo(TimeSpan.FromSeconds(20.45)));
    }

    [TestCase("")]
    [TestCase("ran=\n")]
    [TestCase("ran=-5\n")]
    [TestCase("ran=9223372036854775807\n")]
    public void TimeThatWasNotMeasured_IsNotKnown(string line) =>
        Assert.That(ExitRecord.Parse($"version=1\ncode=0\nlength=0\n{line}end=1\n")!.ToJobExit().RunTime, Is.Null);

    [TestCase(0, null)]
    [TestCase(128, null)]
    [TestCase(129, 1)]
    [TestCase(192, 64)]
    [TestCase(193, null)]
    [TestCase(255, null)]
    public void Code_ThatStandsForASignal_NamesIt(int code, int? signal) =>
        Assert.That(new ExitRecord { Code = code, OutputLength = 0 }.ToJobExit().Signal, Is.EqualTo(signal));

    [Test]
    public void KillForLackOfMemory_IsNotBlamedWhenTheTimeWasUp() =>
        Assert.That(new ExitRecord { Code = 137, OutputLength = 0, OutOfMemoryKills = 1, TimedOut = true }.ToJobExit().OutOfMemory, Is.False);

    [Test]
    public void StartRecord_IsRead()
    {
        var start = StartRecord.Parse(Start)!;

        Assert.That(start.Canceled, Is.False);
        Assert.That(start.Supervisor, Is.EqualTo(new ProcessIdentity { Id = 10, StartTime = 200, BootId = "0b5c" }));
        Assert.That(start.Program, Is.EqualTo(new ProcessIdentity { Id = 11, StartTime = 201, BootId = "0b5c" }));
        Assert.That(StartRecord.Parse(StartRecord.CanceledText)!.Canceled, Is.True);
    }

    [Test]
    public void BeginningOfARecord_IsNone()
    {
        for (var length = 0; length < Exit.Length - 1; length++)
        {
            Assert.That(ExitRecord.Parse(Exit[..length]), Is.Null, Exit[..length]);
        }

        for (var length = 0; length < Start.Length - 1; length++)
        {
            Assert.That(StartRecord.Parse(Start[..length]), Is.Null, Start[..length]);
        }
    }

    [TestCase("version=2\ncode=0\nlength=0\nend=1\n")]
    [TestCase("version=1\ncode=-1\nlength=0\nend=1\n")]
    [TestCase("version=1\ncode=256\nlength=0\nend=1\n")]
    [TestCase("version=1\ncode=0\nlength=-5\nend=1\n")]
    [TestCase("version=1\ncode=0\ncode=1\nlength=0\nend=1\n")]
    [TestCase("version=1\ncode=0\nend=1\n")]
    public void WrongExitRecord_IsNone(string text) => Assert.That(ExitRecord.Parse(text), Is.Null);

    [Test]
    public void AnyText_IsReadWithoutFailing()
    {
        var pieces = Gen.Elements(
            "version=1\n", "end=1\n", "code=", "length=", "program=", "supervisor=", "boot=x\n", "canceled=1\n", "99999999999999999999", "1 2", "\n", "=", "\0", "é", " ");
        var texts = Gen.ArrayOf(pieces).Select(string.Concat);

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var exit = ExitRecord.Parse(text);
            var start = StartRecord.Parse(text);
            return (exit is null || exit.Code is >= 0 and <= 255)
                && (start is null || start.Canceled || (start.Program!.Id > 0 && start.Supervisor!.Id > 0));
        }).QuickCheckThrowOnFailure();
    }

    [TestCase("started", null)]
    [TestCase("unsuitable mkfifo dd", BackendFailureReason.UnsuitableImage)]
    [TestCase("not_found", BackendFailureReason.ProgramNotFound)]
    [TestCase("full No space left on device", BackendFailureReason.DiskFull)]
    [TestCase("failed nobody knows", BackendFailureReason.Unknown)]
    [TestCase("anything else", BackendFailureReason.Unknown)]
    [TestCase(null, BackendFailureReason.Unknown)]
    public void Answer_BecomesAFailureOrNone(string? line, BackendFailureReason? reason)
    {
        var failure = SupervisorAnswer.ToFailure(line, "ansible-runner");

        Assert.That(failure?.Reason, Is.EqualTo(reason));
        if (line?.Split(' ', 2) is [_, var words])
        {
            Assert.That(failure!.Message, line == "anything else" ? Is.Not.Empty : Does.Contain(words.Replace("mkfifo dd", "mkfifo, dd")));
        }
    }
}
