using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance.Tests;

public sealed class RunAsTests
{
    private const string User = "nobody";

    private TemporaryDirectory _jobs = null!;

    [SetUp]
    public void MakeDirectory()
    {
        Assume.That(Environment.IsPrivilegedProcess, "only root can become another user");
        _jobs = new TemporaryDirectory();
        File.SetUnixFileMode(_jobs.Path, (UnixFileMode)0x1C9);
    }

    [TearDown]
    public void RemoveDirectory() => _jobs?.Dispose();

    [Test]
    public async Task Program_RunsAsTheUserInADirectoryOfItsOwn()
    {
        await using var run = await ProvisionAsync();
        await run.StartAsync(LocalRun.Shell(
            "id -un; echo $HOME $USER; cat file; echo made > new; mkdir -m 0 closed; touch /proc/self/fd/1; echo again >/dev/stderr", ("file", "hello\n"u8.ToArray())));

        var home = Linux.UserAccount.Find(User)!.Home;
        Assert.That(await run.ReadTextAsync(), Is.EqualTo($"{User}\n{home} {User}\nhello\nagain\n"));
        Assert.That((await run.WaitAsync()).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(run.Directory.File("work/new")), Is.EqualTo("made\n"));
    }

    [Test]
    public async Task Program_CannotTouchTheRecords()
    {
        await using var run = await ProvisionAsync();
        await run.StartAsync(LocalRun.Shell("cd ..; cat spool; ls; (: >exit); (echo x >>spool); rm -f start; mv work elsewhere; exit 3"));
        var exit = await run.WaitAsync();

        Assert.That(exit.ExitCode, Is.EqualTo(3));
        Assert.That((await run.ReadAsync()).Length, Is.EqualTo(exit.OutputLength));
        Assert.That(Directory.Exists(run.Directory.Work), Is.True);
    }

    [Test]
    public async Task Cancel_EndsTheUsersProcesses()
    {
        await using var run = await ProvisionAsync();
        await run.StartAsync(LocalRun.Shell("trap '' TERM; echo ready; (setsid sleep 3600 &); while :; do sleep 3600; done"));
        await run.ReadAsync(0, 6);

        await run.CancelAsync(TimeSpan.FromSeconds(1));

        Assert.That((await run.WaitAsync()).Signal, Is.EqualTo(9));
        Assert.That(Processes.ProcessTable.Find(run.Directory.Path, run.Start, withSupervisor: false), Is.Empty);
    }

    [Test]
    public void UnknownUser_IsToldBeforeAnythingIsMade()
    {
        var failure = Assert.ThrowsAsync<BackendException>(() => LocalRun.ProvisionAsync(("run_as", "no-such-user"), ("directory", _jobs.Path)));

        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
        Assert.That(failure.Message, Does.Contain("no-such-user"));
        Assert.That(Directory.EnumerateFileSystemEntries(_jobs.Path), Is.Empty);
    }

    [Test]
    public async Task DirectoryThatTheUserCannotPass_IsTold()
    {
        File.SetUnixFileMode(_jobs.Path, (UnixFileMode)0x1C0);
        await using var run = await LocalRun.OfScriptAsync("exit 0");

        var health = await run.Backend.CheckHealthAsync(
            new BackendTarget
            {
                InstanceGroupId = 1,
                InstanceGroupName = "default",
                Settings = new InputValues([new("run_as", User), new("directory", _jobs.Path)]),
            },
            CancellationToken.None);
        var failure = Assert.ThrowsAsync<BackendException>(ProvisionAsync);

        Assert.That(health.Healthy, Is.False);
        Assert.That(health.Message, Does.Contain(_jobs.Path));
        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
    }

    private Task<LocalRun> ProvisionAsync() => LocalRun.ProvisionAsync(("run_as", User), ("directory", _jobs.Path));
}
