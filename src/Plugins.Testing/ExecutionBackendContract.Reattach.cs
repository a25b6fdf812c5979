using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

public abstract partial class ExecutionBackendContract
{
    [Test]
    public async Task Reattach_NeverStarted_SaysSo()
    {
        var handle = await ProvisionAsync();
        Backend = CreateBackend("contract-one");

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.NotStarted));
    }

    [Test]
    public async Task Reattach_Running_GoesOnWhereTheReaderWas()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte, RunsUntilCanceled = true });
        await ReadSomeAsync(handle, EveryByte.Length);
        Backend = CreateBackend("contract-one");

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Running));
        var rest = ReadAsync(handle, 100);
        await CancelAsync(handle);
        Assert.That(await rest, Is.EqualTo(EveryByte[100..]));
    }

    [Test]
    public async Task Reattach_Exited_TellsExitAndOutput()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte, ExitCode = 4 });
        await WaitAsync(handle);
        Backend = CreateBackend("contract-one");

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Exited));
        Assert.That((await WaitAsync(handle)).ExitCode, Is.EqualTo(4));
        Assert.That(await ReadAsync(handle), Is.EqualTo(EveryByte));
    }

    [Test]
    public async Task Reattach_Gone_IsLost()
    {
        var handle = await RunAsync(new ProgramBehaviour { RunsUntilCanceled = true });
        await DestroyAsync(handle);
        Backend = CreateBackend("contract-one");

        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Lost));
        Assert.That(async () => await WaitAsync(handle), ThrowsLost());
        Assert.That(async () => await ReadAsync(handle), ThrowsLost());
    }

    [Test]
    public async Task Destroy_WhileSomebodyWaitsAndReads_TellsThemItIsLost()
    {
        var handle = await RunAsync(new ProgramBehaviour { RunsUntilCanceled = true });
        var wait = WaitAsync(handle);
        var read = ReadAsync(handle);

        await DestroyAsync(handle);

        Assert.That(async () => await wait, ThrowsLost());
        Assert.That(async () => await read, ThrowsLost());
    }

    [Test]
    public async Task Reattach_WithHandlesOfOlderVersions_Works()
    {
        var handle = await RunAsync(new ProgramBehaviour { ExitCode = 5 });
        await WaitAsync(handle);

        foreach (var older in OlderHandles(handle).Append(handle))
        {
            Assert.That((await WaitAsync(older)).ExitCode, Is.EqualTo(5));
        }
    }

    private static NUnit.Framework.Constraints.IResolveConstraint ThrowsLost() =>
        Throws.TypeOf<BackendException>().With.Property(nameof(BackendException.Reason)).EqualTo(BackendFailureReason.EnvironmentLost);
}
