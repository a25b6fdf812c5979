using System.Text;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.Tests.Shared;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Abstractions.Tests.Supervision;

/// <summary>What a reader behind a connection sees, in every shell that images have.</summary>
[TestFixtureSource(typeof(Shell), nameof(Shell.Kinds))]
internal sealed class FollowTests(string kind)
{
    private Shell _shell = null!;

    [SetUp]
    public void Make() => _shell = new Shell(kind);

    [TearDown]
    public void Remove() => _shell?.Dispose();

    [Test]
    public async Task EndedProgram_IsToldWholeFromAnyOffset()
    {
        await _shell.RunAsync("echo one; echo two; exit 3");

        using var all = _shell.Follow(0);
        using var rest = _shell.Follow(4);
        using var nothing = _shell.Follow(null);

        Assert.That(await all.ToEndAsync(), Is.EqualTo("one\ntwo\n"));
        Assert.That(await rest.ToEndAsync(), Is.EqualTo("two\n"));
        Assert.That(await nothing.ToEndAsync(), Is.Empty);
        foreach (var follower in new[] { all, rest, nothing })
        {
            Assert.That(follower.Report.State, Is.EqualTo(EnvironmentState.Exited));
            Assert.That(follower.Report.ToJobExit().ExitCode, Is.EqualTo(3));
        }
    }

    [Test]
    public async Task RunningProgram_IsFollowedToItsEnd()
    {
        _shell.WriteProgram("sh", "-c", "echo ready; until [ -e go ]; do sleep 0.05; done; seq 1 50000; exit 4");
        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        using var follower = _shell.Follow(0);
        using var waiter = _shell.Follow(null);
        await Eventually.BeAsync(() => follower.Output == "ready\n", "what was written is there before the end");
        Assert.That(_shell.State(), Is.EqualTo("running"));

        await File.WriteAllTextAsync($"{_shell.Run}/work/go", "");
        await Eventually.BeAsync(() => follower.Report.State == EnvironmentState.Exited, "the end is told");
        await Eventually.BeAsync(() => waiter.Report.State == EnvironmentState.Exited, "the end is told to who reads nothing");

        var exit = follower.Report.ToJobExit();
        await Eventually.BeAsync(() => follower.Output.Length == exit.OutputLength, "everything has come");
        Assert.That(exit.ExitCode, Is.EqualTo(4));
        Assert.That(follower.Output, Is.EqualTo("ready\n" + string.Concat(Enumerable.Range(1, 50_000).Select(number => $"{number}\n"))));
        Assert.That(waiter.Output, Is.Empty);
        Assert.That(_shell.State(), Is.EqualTo("exited"));
    }

    [Test]
    public async Task OffsetThatTheOutputHasNotReached_IsWaitedFor()
    {
        _shell.WriteProgram("sh", "-c", "echo one; until [ -e go ]; do sleep 0.05; done; echo two; echo three");
        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        using var follower = _shell.Follow(8);
        using var early = _shell.Follow(0);
        await Eventually.BeAsync(() => early.Output == "one\n", "the program has begun to print");

        await File.WriteAllTextAsync($"{_shell.Run}/work/go", "");

        await Eventually.BeAsync(() => follower.Report.State == EnvironmentState.Exited, "the end is told");
        await Eventually.BeAsync(() => follower.Output == "three\n", "exactly the rest has come");
    }

    [Test]
    public async Task ListenerThatHangsUp_LeavesNothingBehind()
    {
        _shell.WriteProgram("sleep", "3600");
        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        using var follower = _shell.Follow(0);
        await Eventually.BeAsync(() => follower.Dots > 0, "it shows that it lives");

        follower.HangUp();

        Assert.That(await follower.ToEndAsync(), Is.Empty);
        Assert.That(follower.Report.State, Is.EqualTo(EnvironmentState.Running));
        Assert.That(_shell.State(), Is.EqualTo("running"));
    }

    [Test]
    public async Task SupervisorKilled_IsLostWhenTheProgramHasEnded()
    {
        _shell.WriteProgram("sh", "-c", "echo ready; until [ -e go ]; do sleep 0.05; done");
        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        using var follower = _shell.Follow(0);
        await Eventually.BeAsync(() => follower.Output == "ready\n", "the program runs");

        System.Diagnostics.Process.GetProcessById(_shell.Start!.Supervisor!.Id).Kill();
        using var late = _shell.Follow(0);
        Assert.That(_shell.State(), Is.EqualTo("running"));
        await File.WriteAllTextAsync($"{_shell.Run}/work/go", "");

        await Eventually.BeAsync(() => follower.Report.State == EnvironmentState.Lost, "who listened is told");
        await Eventually.BeAsync(() => late.Report.State == EnvironmentState.Lost, "who came later is told");
        Assert.That(_shell.State(), Is.EqualTo("lost"));
    }

    [Test]
    public async Task NeverStarted_SaysSo()
    {
        using var follower = _shell.Follow(0);

        await follower.ToEndAsync();

        Assert.That(follower.Report.State, Is.EqualTo(EnvironmentState.NotStarted));
        Assert.That(_shell.State(), Is.EqualTo("not_started"));
    }

    [Test]
    public async Task CanceledBeforeTheStart_CountsAsEndedBySigterm()
    {
        _shell.WriteProgram("echo", "never");
        _shell.Stop(TimeSpan.Zero);
        using var follower = _shell.Follow(0);

        await follower.ToEndAsync();

        Assert.That(follower.Report.ToJobExit(), Is.EqualTo(ExitRecord.CanceledBeforeStart));
        Assert.That(_shell.State(), Is.EqualTo("exited"));
    }

    [Test]
    public void Report_CutAnywhere_SaysTheSame()
    {
        var text = Encoding.ASCII.GetBytes(".\n.\nversion=1\ncode=137\nlength=5\ntimed_out=0\noom_kills=2\nexec_failed=0\ndamaged=1\nend=1\n" + new string(' ', 300) + "\n");

        Prop.ForAll(Gen.ArrayOf(Gen.Choose(1, 40)).ToArbitrary(), sizes =>
        {
            var report = new FollowReport();
            var rest = text.AsSpan();
            foreach (var size in sizes)
            {
                report.Append(rest[..Math.Min(size, rest.Length)]);
                rest = rest[Math.Min(size, rest.Length)..];
            }

            report.Append(rest);
            return report.State == EnvironmentState.Exited
                && report.ToJobExit() is { ExitCode: 137, OutOfMemory: true, OutputLength: 5, Detail.Length: > 0 };
        }).Check(Config.QuickThrowOnFailure);
    }

    [Test]
    public void Report_OfAShellThatCouldNot_KeepsItsWords()
    {
        var report = new FollowReport();

        report.Append("sh: can't open '/runner/x': No such file"u8);
        report.Append(" or directory\n"u8);

        Assert.That(report.State, Is.EqualTo(EnvironmentState.Running));
        Assert.That(report.Words, Is.EqualTo("sh: can't open '/runner/x': No such file or directory"));
    }
}
