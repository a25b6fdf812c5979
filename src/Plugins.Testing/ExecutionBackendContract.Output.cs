using System.Security.Cryptography;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

public abstract partial class ExecutionBackendContract
{
    private const int LargestBlock = 1024 * 1024;

    private static byte[] EveryByte => [.. Enumerable.Range(0, 1024).Select(index => (byte)index), 0xC3, 0x28, 0xFF, 0xFE, 0x00];

    [Test]
    public async Task Output_OfEveryByteValueWithoutNewline_IsExact()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte });

        Assert.That(await ReadAsync(handle), Is.EqualTo(EveryByte));
        Assert.That((await WaitAsync(handle)).OutputLength, Is.EqualTo(EveryByte.Length));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(700)]
    [TestCase(1028)]
    public async Task Output_FromAnOffset_IsTheRest(int offset)
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte });

        Assert.That(await ReadAsync(handle, offset), Is.EqualTo(EveryByte[offset..]));
    }

    [Test]
    public async Task Output_FromTheEndOfAnEndedProgram_IsNothing()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte });
        var exit = await WaitAsync(handle);

        Assert.That(await ReadAsync(handle, exit.OutputLength), Is.Empty);
    }

    [Test]
    public async Task Output_FromPastTheEndOfAnEndedProgram_IsLost()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte });
        var exit = await WaitAsync(handle);

        Assert.That(
            async () => await ReadAsync(handle, exit.OutputLength + 1),
            Throws.TypeOf<BackendException>().With.Property(nameof(BackendException.Reason)).EqualTo(BackendFailureReason.EnvironmentLost));
    }

    [Test]
    public async Task Output_OfASilentProgram_IsNothing()
    {
        var handle = await RunAsync(new ProgramBehaviour());

        Assert.That(await ReadAsync(handle), Is.Empty);
        Assert.That((await WaitAsync(handle)).OutputLength, Is.Zero);
    }

    [Test]
    public async Task Output_OfARunningProgram_ComesBeforeItsEnd()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = EveryByte, RunsUntilCanceled = true });

        Assert.That(await ReadSomeAsync(handle, EveryByte.Length), Is.EqualTo(EveryByte));
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.Running));
    }

    [Test]
    public async Task Output_ReadByTwoAtOnce_IsWholeForBoth()
    {
        var handle = await ProvisionAsync();
        var early = ReadAsync(handle);
        await StartAsync(handle, Describe(new ProgramBehaviour { Output = EveryByte, Repetitions = 200 }));
        var late = ReadAsync(handle);

        var expected = new ProgramBehaviour { Output = EveryByte, Repetitions = 200 }.AllOutput(new Dictionary<string, string>());
        Assert.That(await early, Is.EqualTo(expected));
        Assert.That(await late, Is.EqualTo(expected));
    }

    [Test]
    public async Task Output_OfManyMegabytes_IsExactAndComesInBoundedBlocks()
    {
        var block = new byte[1000 * 1000];
        new Random(1).NextBytes(block);
        var repetitions = (int)(LargeOutput / block.Length);
        var handle = await RunAsync(new ProgramBehaviour { Output = block, Repetitions = repetitions });

        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var count = 0; count < repetitions; count++)
        {
            expected.AppendData(block);
        }

        using var read = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var largest = 0;
        await SoonAsync(CopyAsync(handle, 0, part =>
        {
            read.AppendData(part.Span);
            largest = Math.Max(largest, part.Length);
        }));

        Assert.That(read.GetCurrentHash(), Is.EqualTo(expected.GetCurrentHash()));
        Assert.That(largest, Is.InRange(1, LargestBlock));
    }

    [Test]
    public async Task Output_OfJobsAtOnce_IsNotMixed()
    {
        var jobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            var output = Enumerable.Repeat((byte)('a' + number), 1000).ToArray();
            var behaviour = new ProgramBehaviour { Output = output, Repetitions = 10, ExitCode = number };
            var handle = await SoonAsync(Backend.ProvisionAsync(
                new ProvisionRequest { Target = Target, JobId = NextJob(), Attempt = 1 }, CancellationToken.None));
            await StartAsync(handle, Describe(behaviour));
            return (Handle: handle, Number: number, Expected: behaviour.AllOutput(new Dictionary<string, string>()));
        }));

        foreach (var (handle, number, expected) in jobs)
        {
            _made.Add((Backend, handle));
            Assert.That(await ReadAsync(handle), Is.EqualTo(expected));
            Assert.That((await WaitAsync(handle)).ExitCode, Is.EqualTo(number));
        }
    }
}
