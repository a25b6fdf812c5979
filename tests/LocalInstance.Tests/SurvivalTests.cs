using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Processes;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>What is left when something was killed in between.</summary>
public sealed class SurvivalTests
{
    [Test]
    public async Task SupervisorKilled_ProgramRunsOnAndItsEndIsLost()
    {
        await using var run = await LocalRun.OfScriptAsync("echo before; while [ ! -e go ]; do sleep 0.05; done; echo after");
        Assert.That(await run.ReadAsync(0, 7), Is.EqualTo("before\n"u8.ToArray()));
        var start = run.Start;

        ProcessSignal.Send(start.Supervisor!, ProcessSignal.Kill);
        await Eventually.BeAsync(() => !ProcessTable.IsAlive(start.Supervisor!), "the supervisor is gone");

        Assert.That(await run.StateAsync(), Is.EqualTo(EnvironmentState.Running));
        File.WriteAllText(run.Directory.File("work/go"), "");
        Assert.That(async () => await run.WaitAsync(), ThrowsLost());
        Assert.That(await run.StateAsync(), Is.EqualTo(EnvironmentState.Lost));
        Assert.That(File.ReadAllText(run.Directory.Spool), Is.EqualTo("before\nafter\n"));
    }

    [Test]
    public async Task SupervisorKilled_CancelStillEndsTheProgram()
    {
        await using var run = await LocalRun.OfScriptAsync("trap '' TERM; echo ready; while :; do sleep 3600; done");
        await run.ReadAsync(0, 6);
        var start = run.Start;
        ProcessSignal.Send(start.Supervisor!, ProcessSignal.Kill);

        await run.CancelAsync(TimeSpan.FromSeconds(1));

        Assert.That(ProcessTable.IsAlive(start.Program!), Is.False);
        Assert.That(async () => await run.WaitAsync(), ThrowsLost());
    }

    [Test]
    public async Task EverythingKilled_WaitAndReadSayLost()
    {
        await using var run = await LocalRun.OfScriptAsync("echo ready; exec sleep 3600");
        await run.ReadAsync(0, 6);
        var wait = run.WaitAsync();
        var read = run.ReadAsync();

        var start = run.Start;
        ProcessSignal.Send(start.Supervisor!, ProcessSignal.Kill);
        ProcessSignal.Send(start.Program!, ProcessSignal.Kill);

        Assert.That(async () => await wait, ThrowsLost());
        Assert.That(async () => await read, ThrowsLost());
    }

    [Test]
    public async Task StartRecordOfAnEarlierBoot_IsLost()
    {
        await using var run = await LocalRun.ProvisionAsync();
        WriteStart(run, Environment.ProcessId, 1, "00000000-0000-0000-0000-000000000000");

        Assert.That(await run.StateAsync(), Is.EqualTo(EnvironmentState.Lost));
        Assert.That(async () => await run.WaitAsync(), ThrowsLost());
    }

    [Test]
    public async Task DamagedExitRecord_IsNeverSuccess()
    {
        await using var run = await LocalRun.ProvisionAsync();
        File.WriteAllText(run.Directory.File(Supervisor.ExitFile), "version=1\ncode=0\nlength=0\n");

        Assert.That(async () => await run.WaitAsync(), ThrowsLost());
    }

    [Test]
    public async Task HostKilledWhileUnpacking_StartBeginsAnew()
    {
        await using var run = await LocalRun.ProvisionAsync();
        var leftover = run.Directory.File("incoming.1.half");
        Directory.CreateDirectory(leftover);
        File.WriteAllText(Path.Combine(leftover, "file"), "half a fi");
        run.Restart();

        await run.StartAsync(LocalRun.Shell("cat file", ("file", "whole file"u8.ToArray())));

        Assert.That(await run.ReadTextAsync(), Is.EqualTo("whole file"));
        Assert.That(Directory.Exists(leftover), Is.False);
    }

    [Test]
    public async Task HostKilledAfterDelivery_StartLaunchesWhatIsThere()
    {
        await using var run = await LocalRun.ProvisionAsync();
        Directory.CreateDirectory(run.Directory.Work);
        File.WriteAllText(run.Directory.File("work/file"), "delivered");
        File.WriteAllBytes(run.Directory.File(Supervisor.ProgramFile), ProgramScript.Build(["cat", "file"], new Dictionary<string, string>()));

        await run.StartAsync(LocalRun.Shell("echo not this"));

        Assert.That(await run.ReadTextAsync(), Is.EqualTo("delivered"));
    }

    [Test]
    public async Task Program_IsNobodysChildOfOurs()
    {
        await using var run = await LocalRun.OfScriptAsync("read -r stat </proc/self/stat; echo $stat; exec sleep 3600");
        var stat = System.Text.Encoding.ASCII.GetString(await run.ReadAsync(0, 20)).Split(' ');
        var start = run.Start;
        var supervisor = File.ReadAllText($"/proc/{start.Supervisor!.Id}/stat").Split(") ")[1].Split(' ');

        Assert.That(stat[0], Is.EqualTo(start.Program!.Id.ToString()));
        Assert.That(stat[4], Is.EqualTo(stat[0]), "its own process group");
        Assert.That(stat[5], Is.EqualTo(stat[0]), "its own session");
        Assert.That(supervisor[3], Is.EqualTo(start.Supervisor!.Id.ToString()), "the supervisor has a session of its own");
    }

    [Test]
    public async Task RunDirectory_IsClosedToOthers()
    {
        await using var run = await LocalRun.OfScriptAsync("exec sleep 3600");

        Assert.That(File.GetUnixFileMode(run.Directory.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    internal static void WriteStart(LocalRun run, int id, long startTime, string boot) => File.WriteAllText(
        run.Directory.File(Supervisor.StartFile),
        $"version=1\nsupervisor={id} {startTime}\nprogram={id} {startTime}\nboot={boot}\nend=1\n");

    private static NUnit.Framework.Constraints.IResolveConstraint ThrowsLost() =>
        Throws.TypeOf<BackendException>().With.Property(nameof(BackendException.Reason)).EqualTo(BackendFailureReason.EnvironmentLost);
}
