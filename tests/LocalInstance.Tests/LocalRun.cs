using System.Text;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.Plugins.Testing;
using ContainerGroups.LocalInstance.Files;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>One environment of a test, destroyed at its end.</summary>
internal sealed class LocalRun : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static long _lastJob;

    private readonly TemporaryDirectory _data = new();

    private LocalRun(BackendTarget target)
    {
        Target = target;
        Backend = Backends.Create(_data.Path);
    }

    public IExecutionBackend Backend { get; private set; }

    public BackendTarget Target { get; }

    public EnvironmentHandle Handle { get; private set; } = null!;

    public RunDirectory Directory => RunDirectory.Of(Handle);

    public StartRecord Start => Directory.ReadStart() ?? throw new InvalidOperationException("Nothing was started.");

    /// <summary>Makes an environment.</summary>
    /// <param name="settings">The group's settings.</param>
    public static async Task<LocalRun> ProvisionAsync(params (string Key, string Value)[] settings)
    {
        var values = new InputValues(settings.Select(setting => KeyValuePair.Create(setting.Key, (object?)setting.Value)));
        var run = new LocalRun(new BackendTarget { InstanceGroupId = 1, InstanceGroupName = "default", Settings = values });
        run.Handle = await run.Backend.ProvisionAsync(
            new ProvisionRequest { Target = run.Target, JobId = Interlocked.Increment(ref _lastJob), Attempt = 1 }, CancellationToken.None);
        return run;
    }

    /// <summary>Makes an environment and runs a shell script in it.</summary>
    public static async Task<LocalRun> OfScriptAsync(string script, params (string Name, byte[] Content)[] files)
    {
        var run = await ProvisionAsync();
        await run.StartAsync(Shell(script, files));
        return run;
    }

    public static StartRequest Shell(string script, params (string Name, byte[] Content)[] files) => new()
    {
        Command = ["sh", "-c", script],
        Payload = TarPayload.Of(files),
        Grace = TimeSpan.FromSeconds(2),
    };

    /// <summary>A server that was restarted.</summary>
    public void Restart() => Backend = Backends.Create(_data.Path);

    public Task StartAsync(StartRequest request) => Backend.StartAsync(Handle, Target, request, CancellationToken.None).WaitAsync(Deadline);

    public Task<JobExit> WaitAsync() => Backend.WaitForExitAsync(Handle, Target, CancellationToken.None).WaitAsync(Deadline);

    public Task<EnvironmentState> StateAsync() => Backend.ReattachAsync(Handle, Target, CancellationToken.None).WaitAsync(Deadline);

    public Task CancelAsync(TimeSpan? grace = null) =>
        Backend.CancelAsync(Handle, Target, grace ?? TimeSpan.FromSeconds(10), CancellationToken.None).WaitAsync(Deadline);

    public Task DestroyAsync() => Backend.DestroyAsync(Handle, Target, CancellationToken.None).WaitAsync(Deadline);

    public async Task<string> ReadTextAsync() => Encoding.UTF8.GetString(await ReadAsync());

    public Task<byte[]> ReadAsync(long offset = 0, long most = long.MaxValue)
    {
        return ReadBlocksAsync().WaitAsync(Deadline);

        async Task<byte[]> ReadBlocksAsync()
        {
            using var all = new MemoryStream();
            await foreach (var block in Backend.ReadOutputAsync(Handle, Target, offset, CancellationToken.None))
            {
                all.Write(block.Span);
                if (all.Length >= most)
                {
                    break;
                }
            }

            return all.ToArray();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DestroyAsync();
        _data.Dispose();
    }
}
