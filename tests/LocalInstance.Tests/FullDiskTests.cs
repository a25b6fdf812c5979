using System.Diagnostics;
using System.Text;
using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>Jobs on a small file system of their own.</summary>
public sealed class FullDiskTests
{
    private const int Size = 16 * 1024 * 1024;

    private TemporaryDirectory _disk = null!;

    [SetUp]
    public void Mount()
    {
        _disk = new TemporaryDirectory();
        Assume.That(
            Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", _disk.Path), "only root can mount a small disk");
    }

    [TearDown]
    public void Unmount()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Run("umount", "-l", _disk.Path);
        }

        _disk.Dispose();
    }

    [Test]
    public async Task DiskFilledInTheMiddleAndFreedAgain_LosesNothing()
    {
        const int Lines = 1_000_000; // more than is reserved ahead
        await using var run = await LocalRun.ProvisionAsync(("directory", _disk.Path));
        await run.StartAsync(LocalRun.Shell($"echo 0; while [ ! -e go ]; do sleep 0.05; done; n=0; while [ $n -lt {Lines} ]; do n=$((n + 1)); echo $n; done"));
        await run.ReadAsync(0, 2);
        Fill();
        File.WriteAllText(run.Directory.File("work/go"), "");

        await BeStuckAsync(run);
        Assert.That(await run.StateAsync(), Is.EqualTo(EnvironmentState.Running));
        File.Delete(Path.Combine(_disk.Path, "ballast"));

        var expected = string.Concat(Enumerable.Range(0, Lines + 1).Select(number => $"{number}\n"));
        Assert.That(Encoding.ASCII.GetString(await run.ReadAsync()), Is.EqualTo(expected));
        Assert.That((await run.WaitAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task ProgramThatEndsOnAFullDisk_LeavesItsExitRecord()
    {
        await using var run = await LocalRun.ProvisionAsync(("directory", _disk.Path));
        await run.StartAsync(LocalRun.Shell("echo ready; while [ ! -e go ]; do sleep 0.05; done; exit 7"));
        await run.ReadAsync(0, 6);
        File.WriteAllText(run.Directory.File("work/go"), "");
        Fill();

        Assert.That((await run.WaitAsync()).ExitCode, Is.EqualTo(7));
    }

    [Test]
    public async Task StartOnAFullDisk_SaysSoAndWorksLater()
    {
        await using var run = await LocalRun.ProvisionAsync(("directory", _disk.Path));
        Fill();

        var failure = Assert.ThrowsAsync<BackendException>(() => run.StartAsync(LocalRun.Shell("cat file", ("file", new byte[5000]))));
        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.DiskFull));
        Assert.That(failure.IsTransient, Is.True);
        Assert.That(await run.StateAsync(), Is.EqualTo(EnvironmentState.NotStarted));

        File.Delete(Path.Combine(_disk.Path, "ballast"));
        await run.StartAsync(LocalRun.Shell("cat file", ("file", new byte[5000])));
        Assert.That(await run.ReadAsync(), Has.Length.EqualTo(5000));
    }

    [Test]
    public async Task CancelOnAFullDisk_Works()
    {
        await using var run = await LocalRun.ProvisionAsync(("directory", _disk.Path));
        await run.StartAsync(LocalRun.Shell("echo ready; while :; do echo more; done"));
        await run.ReadAsync(0, 6);
        Fill();
        await BeStuckAsync(run);

        await run.CancelAsync();

        Assert.That(Processes.ProcessTable.IsAlive(run.Start.Program!), Is.False);
    }

    /// <summary>Waits until the program runs and yet nothing comes any more.</summary>
    private static Task BeStuckAsync(LocalRun run)
    {
        const int ManyLooks = 40;
        var length = -1L;
        var looks = 0;
        return Eventually.BeAsync(
            () =>
            {
                var now = new FileInfo(run.Directory.Spool).Length;
                looks = now == length ? looks + 1 : 0;
                length = now;
                return looks > ManyLooks && Processes.ProcessTable.IsAlive(run.Start.Program!);
            },
            "the program waits for room");
    }

    private static bool Run(params string[] command)
    {
        using var process = Process.Start(command[0], command.Skip(1));
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private void Fill()
    {
        using var ballast = File.Create(Path.Combine(_disk.Path, "ballast"), 1);
        try
        {
            while (true)
            {
                ballast.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
