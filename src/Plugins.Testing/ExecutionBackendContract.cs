using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

/// <summary>
/// What every execution backend has to keep. Derive a fixture from it for a backend; all tests come along. Whatever the tests make is
/// destroyed after each.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract partial class ExecutionBackendContract
{
    private static long _lastJob = Environment.TickCount64;

    private readonly List<(IExecutionBackend Backend, EnvironmentHandle Handle)> _made = [];

    /// <summary>How long anything may take that should happen soon.</summary>
    protected virtual TimeSpan Deadline => TimeSpan.FromSeconds(30);

    /// <summary>How long a program that ignores the polite signal is given in the tests.</summary>
    protected virtual TimeSpan ShortGrace => TimeSpan.FromSeconds(1);

    /// <summary>The size of a large output.</summary>
    protected virtual long LargeOutput => 50L * 1000 * 1000;

    /// <summary>Where the tests run their jobs.</summary>
    protected abstract BackendTarget Target { get; }

    /// <summary>The backend under test, of one installation.</summary>
    protected IExecutionBackend Backend { get; private set; } = null!;

    /// <summary>Makes a backend, as a server does at its start. Within one test, a second one made for the same installation finds
    /// the environments of the first: that is a restart.</summary>
    protected abstract IExecutionBackend CreateBackend(string installationId);

    /// <summary>Makes the request for a program that behaves as asked. The default is a real shell.</summary>
    protected virtual StartRequest Describe(ProgramBehaviour behaviour) => ShellProgram.Describe(behaviour);

    /// <summary>The same environment's handle as older versions of the backend wrote it; none if there are no older versions.</summary>
    protected virtual IEnumerable<EnvironmentHandle> OlderHandles(EnvironmentHandle handle) => [];

    /// <summary>Makes the backend.</summary>
    [SetUp]
    public void MakeBackend() => Backend = CreateBackend("contract-one");

    /// <summary>Destroys what a test made.</summary>
    [TearDown]
    public async Task DestroyEverythingAsync()
    {
        foreach (var (backend, handle) in _made)
        {
            await SoonAsync(backend.DestroyAsync(handle, Target, CancellationToken.None));
        }
    }

    /// <summary>A job id that no other test uses.</summary>
    protected static long NextJob() => Interlocked.Increment(ref _lastJob);

    /// <summary>Makes the environment of a new job.</summary>
    protected Task<EnvironmentHandle> ProvisionAsync() => ProvisionAsync(Backend, NextJob());

    /// <summary>Makes the environment of a job.</summary>
    protected async Task<EnvironmentHandle> ProvisionAsync(IExecutionBackend backend, long job, int attempt = 1)
    {
        var handle = await SoonAsync(backend.ProvisionAsync(
            new ProvisionRequest { Target = Target, JobId = job, Attempt = attempt, JobName = "contract" }, CancellationToken.None));
        _made.Add((backend, handle));
        return handle;
    }

    /// <summary>Makes an environment and starts a program in it.</summary>
    protected Task<EnvironmentHandle> RunAsync(ProgramBehaviour behaviour) => RunAsync(Describe(behaviour));

    /// <summary>Makes an environment and starts a program in it.</summary>
    protected async Task<EnvironmentHandle> RunAsync(StartRequest request)
    {
        var handle = await ProvisionAsync();
        await StartAsync(handle, request);
        return handle;
    }

    /// <summary>Starts a program.</summary>
    protected Task StartAsync(EnvironmentHandle handle, StartRequest request) =>
        SoonAsync(Backend.StartAsync(handle, Target, request, CancellationToken.None));

    /// <summary>Waits for a program's end.</summary>
    protected Task<JobExit> WaitAsync(EnvironmentHandle handle) => SoonAsync(Backend.WaitForExitAsync(handle, Target, CancellationToken.None));

    /// <summary>Reads a program's output to its end.</summary>
    protected async Task<byte[]> ReadAsync(EnvironmentHandle handle, long offset = 0)
    {
        using var all = new MemoryStream();
        await SoonAsync(CopyAsync(handle, offset, block => all.Write(block.Span)));
        return all.ToArray();
    }

    /// <summary>Passes a program's output on until its end.</summary>
    protected async Task CopyAsync(EnvironmentHandle handle, long offset, Action<ReadOnlyMemory<byte>> take)
    {
        await foreach (var block in Backend.ReadOutputAsync(handle, Target, offset, CancellationToken.None))
        {
            take(block);
        }
    }

    /// <summary>Reads until that many bytes have come, then stops reading.</summary>
    protected Task<byte[]> ReadSomeAsync(EnvironmentHandle handle, int count)
    {
        return SoonAsync(ReadAsync());

        async Task<byte[]> ReadAsync()
        {
            using var some = new MemoryStream();
            await foreach (var block in Backend.ReadOutputAsync(handle, Target, 0, CancellationToken.None))
            {
                some.Write(block.Span);
                if (some.Length >= count)
                {
                    break;
                }
            }

            return some.ToArray();
        }
    }

    /// <summary>Asks for an environment's state.</summary>
    protected Task<EnvironmentState> StateAsync(EnvironmentHandle handle) =>
        SoonAsync(Backend.ReattachAsync(handle, Target, CancellationToken.None));

    /// <summary>Waits, but not for ever.</summary>
    protected Task SoonAsync(Task task) => task.WaitAsync(Deadline);

    /// <summary>Waits, but not for ever.</summary>
    protected Task<T> SoonAsync<T>(Task<T> task) => task.WaitAsync(Deadline);
}
