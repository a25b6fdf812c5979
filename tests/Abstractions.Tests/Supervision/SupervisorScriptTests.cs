using System.Diagnostics;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Abstractions.Tests.Supervision;

/// <summary>The script in every shell that images have.</summary>
[TestFixtureSource(typeof(Shell), nameof(Shell.Kinds))]
internal sealed class SupervisorScriptTests(string kind)
{
    private Shell _shell = null!;

    [SetUp]
    public void Make() => _shell = new Shell(kind);

    [TearDown]
    public void Remove() => _shell?.Dispose();

    [TestCase("exit 0", 0)]
    [TestCase("exit 3", 3)]
    [TestCase("exit 127", 127)]
    [TestCase("kill -KILL $$", 137)]
    [TestCase("kill -INT $$", 130)]
    [TestCase("kill -TERM $$", 143)]
    public async Task End_IsRecorded(string script, int code)
    {
        var exit = await _shell.RunAsync($"echo before; {script}");

        Assert.That(exit.Code, Is.EqualTo(code));
        Assert.That(exit.ExecutionFailed, Is.False);
        Assert.That(_shell.Spool, Is.EqualTo("before\n"));
        Assert.That(exit.OutputLength, Is.EqualTo(7));
    }

    [Test]
    public async Task LargeOutput_IsWhole()
    {
        var exit = await _shell.RunAsync("seq 1 300000; for n in 1 2 3 4 5 6 7 8 9; do echo $n; done");

        var expected = string.Concat(Enumerable.Range(1, 300_000).Concat(Enumerable.Range(1, 9)).Select(number => $"{number}\n"));
        Assert.That(_shell.Spool, Is.EqualTo(expected));
        Assert.That(exit.OutputLength, Is.EqualTo(expected.Length));
        Assert.That(exit.OutputDamaged, Is.False);
    }

    [Test]
    public async Task OutputOpenedAnew_IsNotTruncated()
    {
        await _shell.RunAsync("echo one; echo two >/dev/stderr; echo three >/dev/stdout");

        Assert.That(_shell.Spool, Is.EqualTo("one\ntwo\nthree\n"));
    }

    [Test]
    public async Task Timeout_AsksThenKills()
    {
        var exit = await _shell.RunAsync("trap 'echo asked' TERM; echo ready; while :; do sleep 0.1; done", TimeSpan.FromSeconds(1));

        Assert.That(exit.TimedOut, Is.True);
        Assert.That(exit.Code, Is.EqualTo(137));
        Assert.That(_shell.Spool, Does.Contain("asked"));
    }

    [Test]
    public async Task ProcessesLeft_EndBeforeTheRecordIsWritten()
    {
        var exit = await _shell.RunAsync("(while :; do echo child; done) & setsid sleep 3600 & setsid sleep 3601 >/dev/null 2>&1 & sleep 0.2; echo parent");

        Assert.That(_shell.Spool.Length, Is.EqualTo(exit.OutputLength));
        Assert.That(Marked(), Is.Empty);
    }

    [Test]
    public void ProgramThatIsNotThere_IsToldAtOnce()
    {
        _shell.WriteProgram("no-such-program");

        Assert.That(_shell.Supervise(), Is.EqualTo("not_found"));
        Assert.That(_shell.Start, Is.Null);
        Assert.That(Directory.EnumerateFileSystemEntries(_shell.Run).Select(Path.GetFileName), Is.SubsetOf(new[] { "supervisor", "program", "work", "spool" }));
    }

    [Test]
    public async Task ProgramThatCannotBeExecuted_IsRecorded()
    {
        File.WriteAllText($"{_shell.Run}/work/broken", "#!/no/such/interpreter\n");
        File.SetUnixFileMode($"{_shell.Run}/work/broken", (UnixFileMode)0x1ED);
        _shell.WriteProgram("./broken");

        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        await Eventually.BeAsync(() => _shell.Exit is not null, "the program has ended");

        Assert.That(() => _shell.Exit!.ToJobExit(), Throws.TypeOf<BackendException>()
            .With.Property(nameof(BackendException.Reason)).EqualTo(BackendFailureReason.ProgramNotFound));
    }

    [Test]
    public async Task TimeThatItRan_IsRecorded()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var exit = await _shell.RunAsync("sleep 0.3");

        // To a hundredth, and that twice.
        Assert.That(exit.RunTime, Is.GreaterThan(TimeSpan.FromSeconds(0.28)).And.LessThan(watch.Elapsed + TimeSpan.FromSeconds(0.02)));
    }

    [Test]
    public async Task SecondSupervisor_RunsNothing()
    {
        await _shell.RunAsync("echo once; sleep 0.2");
        _shell.WriteProgram("echo", "twice");

        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        Assert.That(_shell.Spool, Is.EqualTo("once\n"));
    }

    [Test]
    public async Task ManySupervisorsAtOnce_RunTheProgramOnce()
    {
        _shell.WriteProgram("sh", "-c", "echo once; sleep 0.2");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _shell.Supervise())));
        await Eventually.BeAsync(() => _shell.Exit is not null, "the program has ended");

        Assert.That(answers, Is.All.EqualTo("started"));
        Assert.That(_shell.Spool, Is.EqualTo("once\n"));
        await Eventually.BeAsync(
            () => Directory.EnumerateFiles(_shell.Run).All(file => !Path.GetFileName(file).Contains('.')), "the others leave nothing behind");
    }

    [Test]
    public async Task Stop_EndsTheProgramAndTheRecordTells()
    {
        _shell.WriteProgram("sh", "-c", "setsid sleep 3600 & echo ready; exec sleep 3600");
        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        await Eventually.BeAsync(() => _shell.Spool.Length > 0, "the program is ready");

        _shell.Stop(TimeSpan.FromSeconds(10));

        Assert.That(_shell.Exit?.Code, Is.EqualTo(143));
        Assert.That(Marked(), Is.Empty);
    }

    [Test]
    public async Task Stop_KillsWhatIgnoresIt()
    {
        _shell.WriteProgram("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 3600; done");
        Assert.That(_shell.Supervise(), Is.EqualTo("started"));
        await Eventually.BeAsync(() => _shell.Spool.Length > 0, "the program is ready");

        _shell.Stop(TimeSpan.FromSeconds(1));

        Assert.That(_shell.Exit?.Code, Is.EqualTo(137));
    }

    [Test]
    public void Stop_BeforeTheStart_ForbidsIt()
    {
        _shell.WriteProgram("echo", "never");

        _shell.Stop(TimeSpan.FromSeconds(1));
        _shell.Supervise();

        Assert.That(_shell.Start?.Canceled, Is.True);
        Assert.That(File.Exists($"{_shell.Run}/{Supervisor.SpoolFile}"), Is.False);
    }

    [Test]
    public async Task Stop_WithARecordOfAStranger_HarmsNobody()
    {
        using var stranger = Process.Start("setsid", ["sleep", "3600"]);
        try
        {
            var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
            await File.WriteAllTextAsync(
                $"{_shell.Run}/{Supervisor.StartFile}",
                $"version=1\nsupervisor={stranger.Id} 1\nprogram={stranger.Id} 1\nboot={boot}\nend=1\n");

            _shell.Stop(TimeSpan.Zero);

            Assert.That(stranger.HasExited, Is.False);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Test]
    public void MissingTool_IsNamed()
    {
        _shell.LeaveOnly([.. Supervisor.RequiredTools.Except(["mkfifo", "dd"]), "env"]);
        _shell.WriteProgram("true");

        Assert.That(_shell.Supervise(), Is.EqualTo("unsuitable mkfifo dd"));
    }

    [Test]
    public async Task RequiredTools_AreAllThatIsNeeded()
    {
        _shell.LeaveOnly([.. Supervisor.RequiredTools]);

        Assert.That((await _shell.RunAsync("echo enough")).Code, Is.Zero);
        Assert.That(_shell.Spool, Is.EqualTo("enough\n"));
    }

    /// <summary>The processes that carry this environment's marker.</summary>
    private List<string> Marked()
    {
        var marker = $"{Supervisor.MarkerVariable}={_shell.Run}/";
        return Directory.EnumerateDirectories("/proc")
            .Where(path => Path.GetFileName(path).All(char.IsAsciiDigit) && Environment(path).Contains(marker, StringComparison.Ordinal))
            .ToList();
    }

    private static string Environment(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
