using System.Diagnostics;
using System.Globalization;
using System.Text;
using ContainerGroups.LocalInstance.Processes;

namespace ContainerGroups.LocalInstance.Tests;

public sealed class CancelTests
{
    [Test]
    public async Task ProgramWithChildrenAndDaemon_LeavesNothing()
    {
        await using var run = await LocalRun.OfScriptAsync("sleep 3600 & setsid sleep 3601 & (setsid sleep 3602 &) ; echo ready; wait");
        await run.ReadAsync(0, 6);
        Assert.That(Running(run), Has.Count.GreaterThanOrEqualTo(4));
        var began = Stopwatch.GetTimestamp();

        await run.CancelAsync();

        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(5)), "nobody had to be killed after the grace");
        Assert.That(Running(run), Is.Empty);
        Assert.That((await run.WaitAsync()).Signal, Is.EqualTo(15));
    }

    [Test]
    public async Task ChildThatCleansUpAfterItsParentEnded_GetsTheGrace()
    {
        const string Child = "trap 'sleep 0.5; echo cleaned; exit' TERM; echo ready; while :; do sleep 0.05; done";
        await using var run = await LocalRun.OfScriptAsync("sh child & wait", ("child", Encoding.ASCII.GetBytes(Child)));
        await run.ReadAsync(0, 6);

        await run.CancelAsync();

        Assert.That(await run.ReadTextAsync(), Does.EndWith("cleaned\n"));
    }

    [Test]
    public async Task RecordThatNamesAStranger_HarmsNobody()
    {
        using var stranger = Process.Start(new ProcessStartInfo("setsid", ["sleep", "3600"]))!;
        try
        {
            await using var run = await LocalRun.ProvisionAsync();
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            SurvivalTests.WriteStart(run, stranger.Id, StartTime(stranger.Id) - 1, boot);

            await run.CancelAsync(TimeSpan.Zero);
            await run.DestroyAsync();

            Assert.That(stranger.HasExited, Is.False);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Test]
    public async Task StartTimeTaken_IsTheKernels()
    {
        await using var run = await LocalRun.OfScriptAsync("exec sleep 3600");

        Assert.That(run.Start.Program!.StartTime, Is.EqualTo(StartTime(run.Start.Program.Id)));
        Assert.That(ProcessTable.IsAlive(run.Start.Program), Is.True);
        Assert.That(ProcessTable.IsAlive(run.Start.Program with { StartTime = run.Start.Program.StartTime + 1 }), Is.False);
        Assert.That(ProcessTable.IsAlive(run.Start.Program with { BootId = "another" }), Is.False);
    }

    [Test]
    public async Task Destroy_WithTheSupervisorDead_LeavesNoHelperBehind()
    {
        var run = await LocalRun.ProvisionAsync();
        await run.StartAsync(LocalRun.Shell("echo ready; exec sleep 3600") with { Timeout = TimeSpan.FromHours(1) });
        await run.ReadAsync(0, 6);
        var path = run.Directory.Path;
        ProcessSignal.Send(run.Start.Supervisor!, ProcessSignal.Kill);

        await run.DisposeAsync();

        Assert.That(ProcessTable.Find(path, null, withSupervisor: true), Is.Empty);
    }

    private static IReadOnlyList<Abstractions.Supervision.ProcessIdentity> Running(LocalRun run) =>
        ProcessTable.Find(run.Directory.Path, run.Start, withSupervisor: false);

    private static long StartTime(int id) =>
        long.Parse(File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[19], CultureInfo.InvariantCulture);
}
