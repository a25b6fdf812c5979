using System.Diagnostics;
using System.Text;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

public abstract partial class ExecutionBackendContract
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    private static byte[] Ready => Encoding.ASCII.GetBytes("ready\n");

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(255)]
    public async Task Exit_ByCode_IsThatCode(int code)
    {
        var exit = await WaitAsync(await RunAsync(new ProgramBehaviour { ExitCode = code }));

        Assert.That(exit.ExitCode, Is.EqualTo(code));
        Assert.That(exit.TimedOut, Is.False);
        Assert.That(exit.OutOfMemory, Is.False);
    }

    [TestCase(9)]
    [TestCase(15)]
    public async Task Exit_BySignal_NamesIt(int signal)
    {
        var exit = await WaitAsync(await RunAsync(new ProgramBehaviour { Signal = signal }));

        Assert.That(exit.Signal, Is.EqualTo(signal));
        Assert.That(exit.ExitCode, Is.EqualTo(128 + signal));
        Assert.That(exit.OutOfMemory, Is.False);
    }

    [Test]
    public async Task Exit_AskedAgainAndAfterARestart_IsTheSame()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Ready, ExitCode = 7 });

        var first = await WaitAsync(handle);
        Backend = CreateBackend("contract-one");

        Assert.That(await WaitAsync(handle), Is.EqualTo(first));
    }

    [Test]
    public async Task Exit_WithAChildLeftRunning_IsToldAndTheOutputEnds()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Ready, LeavesChild = true });

        Assert.That((await WaitAsync(handle)).ExitCode, Is.Zero);
        Assert.That(await ReadAsync(handle), Is.EqualTo(Ready));
    }

    [Test]
    public async Task Timeout_EndsTheProgram()
    {
        var request = Describe(new ProgramBehaviour { Output = Ready, RunsUntilCanceled = true }) with { Timeout = TimeSpan.FromSeconds(1) };

        var exit = await WaitAsync(await RunAsync(request));

        Assert.That(exit.TimedOut, Is.True);
    }

    [Test]
    public async Task Timeout_OfAProgramThatIgnoresThePoliteSignal_KillsIt()
    {
        var behaviour = new ProgramBehaviour { Output = Ready, RunsUntilCanceled = true, IgnoresPoliteSignal = true };
        var request = Describe(behaviour) with { Timeout = TimeSpan.FromSeconds(1), Grace = ShortGrace };

        var exit = await WaitAsync(await RunAsync(request));

        Assert.That(exit.TimedOut, Is.True);
        Assert.That(exit.Signal, Is.EqualTo(9));
    }

    [Test]
    public async Task Cancel_BeforeTheStart_KeepsTheProgramFromStarting()
    {
        var handle = await ProvisionAsync();

        await CancelAsync(handle);
        await StartAsync(handle, Describe(new ProgramBehaviour { Output = Ready }));

        Assert.That(await ReadAsync(handle), Is.Empty);
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Exited));
        Assert.That((await WaitAsync(handle)).Signal, Is.EqualTo(15));
    }

    [Test]
    public async Task Cancel_OfARunningProgram_EndsItAndKeepsItsOutput()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Ready, RunsUntilCanceled = true, LeavesChild = true });
        await ReadSomeAsync(handle, Ready.Length);

        await CancelAsync(handle);

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Exited));
        Assert.That((await WaitAsync(handle)).Signal, Is.EqualTo(15));
        Assert.That(await ReadAsync(handle), Is.EqualTo(Ready));
    }

    [Test]
    public async Task Cancel_OfAProgramThatIgnoresThePoliteSignal_KillsItAfterTheGrace()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Ready, RunsUntilCanceled = true, IgnoresPoliteSignal = true });
        await ReadSomeAsync(handle, Ready.Length);
        var began = Stopwatch.GetTimestamp();

        await SoonAsync(Backend.CancelAsync(handle, Target, ShortGrace, CancellationToken.None));

        Assert.That(Stopwatch.GetElapsedTime(began), Is.GreaterThanOrEqualTo(ShortGrace));
        Assert.That((await WaitAsync(handle)).Signal, Is.EqualTo(9));
    }

    [Test]
    public async Task Cancel_AfterTheEnd_ChangesNothing()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Ready, ExitCode = 3 });
        var exit = await WaitAsync(handle);

        await CancelAsync(handle);

        Assert.That(await WaitAsync(handle), Is.EqualTo(exit));
    }

    [Test]
    public async Task Cancel_Twice_IsSuccess()
    {
        var handle = await RunAsync(new ProgramBehaviour { RunsUntilCanceled = true });

        await SoonAsync(Task.WhenAll(CancelAsync(handle), CancelAsync(handle)));
        await CancelAsync(handle);

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Exited));
    }

    [Test]
    public async Task Destroy_OfARunningProgram_EndsItAndRemovesEverything()
    {
        var job = NextJob();
        var handle = await ProvisionAsync(Backend, job);
        await StartAsync(handle, Describe(new ProgramBehaviour { RunsUntilCanceled = true, IgnoresPoliteSignal = true }));

        await DestroyAsync(handle);

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Lost));
        Assert.That(await ListAsync(Backend, job), Is.Empty);
    }

    [Test]
    public async Task Destroy_OfWhatIsNotThere_IsSuccess()
    {
        var handle = await ProvisionAsync();

        await DestroyAsync(handle);
        await DestroyAsync(handle);
        await CancelAsync(handle);
        Backend = CreateBackend("contract-one");
        await DestroyAsync(handle);

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Lost));
    }

    [Test]
    public async Task TokenCanceled_WhileWaitingAndReading_EndsTheCallAndNotTheJob()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Ready, RunsUntilCanceled = true });
        await ReadSomeAsync(handle, Ready.Length);
        using var stop = new CancellationTokenSource();
        var wait = Backend.WaitForExitAsync(handle, Target, stop.Token);
        var read = DrainAsync(handle, stop.Token);

        await stop.CancelAsync();

        Assert.That(async () => await wait.WaitAsync(Promptly), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await read.WaitAsync(Promptly), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Running));
    }

    [Test]
    public async Task TokenCanceled_BeforeEveryCall_EndsIt()
    {
        var handle = await ProvisionAsync();
        var stopped = new CancellationToken(canceled: true);
        var request = new ProvisionRequest { Target = Target, JobId = NextJob(), Attempt = 1 };
        Func<Task>[] calls =
        [
            () => Backend.CheckHealthAsync(Target, stopped),
            () => Backend.ProvisionAsync(request, stopped),
            () => Backend.StartAsync(handle, Target, Describe(new ProgramBehaviour()), stopped),
            () => DrainAsync(handle, stopped),
            () => Backend.WaitForExitAsync(handle, Target, stopped),
            () => Backend.ReattachAsync(handle, Target, stopped),
            () => Backend.CancelAsync(handle, Target, ShortGrace, stopped),
            () => Backend.DestroyAsync(handle, Target, stopped),
        ];

        foreach (var call in calls)
        {
            Assert.That(async () => await call().WaitAsync(Promptly), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.NotStarted));
    }

    private Task CancelAsync(EnvironmentHandle handle) =>
        SoonAsync(Backend.CancelAsync(handle, Target, TimeSpan.FromSeconds(10), CancellationToken.None));

    private Task DestroyAsync(EnvironmentHandle handle) => SoonAsync(Backend.DestroyAsync(handle, Target, CancellationToken.None));

    private async Task DrainAsync(EnvironmentHandle handle, CancellationToken cancellationToken)
    {
        await foreach (var block in Backend.ReadOutputAsync(handle, Target, 0, cancellationToken))
        {
            Assert.That(block.Length, Is.Positive);
        }
    }
}
