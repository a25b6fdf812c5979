using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>
/// A backend that keeps the whole contract and runs nothing. A "program" is its start record and the clock, so it lives on
/// while no host does. What it does is data: see <see cref="FakeScript"/>.
/// </summary>
internal sealed class FakeBackend(FakeConfiguration configuration, TimeProvider clock) : IExecutionBackend, IEnvironmentPreview
{
    private const int HandleVersion = 1;
    private const int BlockSize = 256 * 1024;
    private const string Program = "fake";
    private const string MissingProgram = "no-such";

    // How soon another process's cancel is seen, and in what steps output grows.
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OutputStep = TimeSpan.FromMilliseconds(20);

    private readonly FakeStore _store = new(configuration.Directory);
    private readonly FakeChanges _changes = new(clock);
    private readonly ConcurrentDictionary<string, bool> _brokenStreams = new(StringComparer.Ordinal);

    public string Name => configuration.Name;

    public string DefaultSpec => FakePreview.DefaultSpec;

    public IReadOnlyList<InputError> ValidateSpec(string spec) => FakePreview.Validate(spec);

    public Task<EnvironmentPreview> PreviewAsync(ProvisionRequest request, bool askTarget, CancellationToken cancellationToken) =>
        Task.FromResult(FakePreview.Of(request, askTarget));

    public BackendCapabilities Capabilities => configuration.Capabilities;

    public IReadOnlyList<InputField> Settings { get; } =
    [
        new() { Id = "script", Label = "Script", HelpText = "Words key=value that say how every job of the group behaves." },
        new() { Id = "healthy", Label = "Healthy", Type = InputFieldType.Boolean, Default = true },
    ];

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings) =>
        settings.GetString("script") is { } script && script.Split(' ').Any(word => word.Length > 0 && !word.Contains('='))
            ? [new InputError { Field = "script", Message = "Every word must be key=value." }]
            : [];

    public Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken)
    {
        var healthy = target.Settings.GetBoolean("healthy") ?? true;
        return Task.FromResult(new BackendHealth { Healthy = healthy, Message = healthy ? "The fake is well." : "The fake was told to be ill." });
    }

    public async Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var script = new FakeScript([.. (request.Target.Settings.GetString("script") ?? "").Split(' '), .. request.JobName.Split(' ')]);
        var name = $"{configuration.InstallationId}-{request.JobId}-{request.Attempt}";
        await script.MisbehaveAsync("provision");
        await WaitToProvisionAsync(script, request, cancellationToken);
        if (script.Reason("provision_error") is { } reason && FailsNow(script, request.JobId))
        {
            throw new BackendException(reason, $"The fake was told to fail with {reason}.", isTransient: IsTransient(reason));
        }

        _store.Create(name, new EnvironmentRecord
        {
            InstallationId = configuration.InstallationId,
            JobId = request.JobId,
            Attempt = request.Attempt,
            Instance = request.Target.InstanceHostname,
            CreatedAt = clock.GetUtcNow(),
            Script = script.Words,
        });
        Report(request.Progress, EnvironmentPhases.EnvironmentCreated);
        Report(request.Progress, EnvironmentPhases.Ready);
        return new EnvironmentHandle { Name = name, Version = HandleVersion, Data = name };
    }

    public async Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var environment = _store.ReadEnvironment(handle.Data) ?? throw Lost(handle);
        var own = request.Command[0] == Program ? request.Command.Skip(1) : [];
        var script = new FakeScript(environment.Script).With(own);
        await script.MisbehaveAsync("start");
        if (script.Reason("start_error") is { } reason)
        {
            throw new BackendException(reason, $"The fake was told not to start: {reason}.", isTransient: IsTransient(reason));
        }

        await FakePayload.VerifyAsync(request.Payload, cancellationToken);
        Report(request.Progress, EnvironmentPhases.PayloadDelivered);
        if (request.Command[0].StartsWith(MissingProgram, StringComparison.Ordinal))
        {
            throw new BackendException(BackendFailureReason.ProgramNotFound, $"There is no program {request.Command[0]}.");
        }

        _store.Start(
            handle.Data,
            new StartRecord
            {
                StartedAt = clock.GetUtcNow(),
                Command = [.. request.Command],
                Script = script.Words,
                PayloadSha256 = request.Payload.Sha256,
                Variables = script.Text("print_variable") is { } variable ? request.Environment[variable] : "",
                Timeout = request.Timeout,
                Grace = request.Grace,
            },
            await PrepareOutputAsync(script, request.Payload, cancellationToken));
        _changes.Announce(handle.Data);
        if (script.Reason("start_error_after") is { } after)
        {
            throw new BackendException(after, $"The fake was told to fail after the start: {after}.", isTransient: IsTransient(after));
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[BlockSize];
        var first = true;
        while (true)
        {
            var changed = _changes.Next(handle.Data);
            var now = clock.GetUtcNow();
            var run = ReadRun(handle, now);
            if (run is not null)
            {
                await ScriptOf(handle).MisbehaveAsync("output");
            }

            var length = run?.LengthAt(now) ?? 0;
            if (first && offset > length)
            {
                throw new BackendException(BackendFailureReason.EnvironmentLost, $"Offset {offset} is past the {length} bytes of output.");
            }

            first = false;
            var block = run is null ? 0 : (int)Math.Min(BlockSize, BreakAt(handle, run, offset, length) - offset);
            if (block > 0)
            {
                WhileItExists(handle, () =>
                {
                    run!.Output.Read(offset, buffer.AsSpan(0, block));
                    return block;
                });
                offset += block;
                yield return buffer.AsMemory(0, block);
                continue;
            }

            if (run?.HasEnded(now) == true || (run is null && _store.ReadCancel(handle.Data) is not null))
            {
                yield break;
            }

            await _changes.WaitAsync(changed, run is null ? Recheck : OutputStep, cancellationToken);
        }
    }

    public async Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = _changes.Next(handle.Data);
            var now = clock.GetUtcNow();
            var run = ReadRun(handle, now);
            if (run is not null)
            {
                await ScriptOf(handle).MisbehaveAsync("wait");
            }

            if (run?.HasEnded(now) == true)
            {
                return run.Exit();
            }

            if (run is null && _store.ReadCancel(handle.Data) is not null)
            {
                return FakeRun.NeverStarted;
            }

            var left = run is null ? Recheck : run.NextEvent - now;
            await _changes.WaitAsync(changed, left < Recheck ? left : Recheck, cancellationToken);
        }
    }

    public async Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_store.ReadEnvironment(handle.Data) is null)
        {
            return EnvironmentState.Lost;
        }

        await ScriptOf(handle).MisbehaveAsync("reattach");
        var now = clock.GetUtcNow();
        try
        {
            return ReadRun(handle, now) switch
            {
                null => _store.ReadCancel(handle.Data) is null ? EnvironmentState.NotStarted : EnvironmentState.Exited,
                { } run => run.HasEnded(now) ? EnvironmentState.Exited : EnvironmentState.Running,
            };
        }
        catch (BackendException e) when (e.Reason != BackendFailureReason.Unreachable)
        {
            return EnvironmentState.Lost;
        }
    }

    public async Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ScriptOf(handle).MisbehaveAsync("cancel");
        _store.Cancel(handle.Data, new CancelRecord { At = clock.GetUtcNow(), Grace = grace });
        _changes.Announce(handle.Data);
        while (_store.ReadStart(handle.Data) is not null && RunOf(handle) is { } run && run.NextEvent > clock.GetUtcNow())
        {
            var left = run.NextEvent - clock.GetUtcNow();
            await _changes.WaitAsync(_changes.Next(handle.Data), left, cancellationToken);
        }
    }

    public async Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ScriptOf(handle).MisbehaveAsync("destroy");
        _store.Destroy(handle.Data);
        _changes.Announce(handle.Data);
    }

    public async IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(
        BackendTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var name in _store.Names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_store.ReadEnvironment(name) is { } record && record.InstallationId == configuration.InstallationId
                && (Capabilities.ReachableFromAnyHost || record.Instance == target.InstanceHostname))
            {
                yield return new EnvironmentListing
                {
                    Handle = new EnvironmentHandle { Name = name, Version = HandleVersion, Data = name },
                    JobId = record.JobId,
                    Attempt = record.Attempt,
                    CreatedAt = record.CreatedAt,
                };
            }
        }
    }

    private static bool IsTransient(BackendFailureReason reason) =>
        reason is BackendFailureReason.Unreachable or BackendFailureReason.QuotaExceeded or BackendFailureReason.InsufficientCapacity;

    private static void Report(IProgress<EnvironmentProgress>? progress, string phase) => progress?.Report(new EnvironmentProgress { Phase = phase });

    private static BackendException Lost(EnvironmentHandle handle) =>
        new(BackendFailureReason.EnvironmentLost, $"The environment {handle.Name} is gone.");

    private async Task WaitToProvisionAsync(FakeScript script, ProvisionRequest request, CancellationToken cancellationToken)
    {
        if (script.Duration("provision_for") is not { } time)
        {
            return;
        }

        if (script.Reason("waiting_for") is { } reason)
        {
            request.Progress?.Report(new EnvironmentProgress { WaitingFor = reason, Detail = $"The fake waits for {reason}." });
        }

        await Task.Delay(time, clock, cancellationToken);
    }

    private async Task<string?> PrepareOutputAsync(FakeScript script, IPayload payload, CancellationToken cancellationToken)
    {
        var file = _store.NewFile();
        if (script.Text("output_entry") is { } entry)
        {
            await FakePayload.ExtractAsync(payload, entry, file, cancellationToken);
            return file;
        }

        if (script.Text("output_file") is { } source)
        {
            File.Copy(source, file);
            return file;
        }

        return null;
    }

    private bool FailsNow(FakeScript script, long jobId) =>
        script.Number("provision_error_times") is not { } times || _store.Count($"provision-{jobId}") <= times;

    private FakeScript ScriptOf(EnvironmentHandle handle) =>
        new(_store.ReadStart(handle.Data)?.Script ?? _store.ReadEnvironment(handle.Data)?.Script ?? []);

    private FakeRun? RunOf(EnvironmentHandle handle) => _store.ReadStart(handle.Data) is { } start
        ? new FakeRun(
            start, _store.ReadCancel(handle.Data), FakeOutput.Of(new FakeScript(start.Script), _store.OutputOf(handle.Data), start.Variables))
        : null;

    /// <summary>The started program; null when none was started.</summary>
    /// <exception cref="BackendException">It is lost, or can't be reached.</exception>
    private FakeRun? ReadRun(EnvironmentHandle handle, DateTimeOffset now)
    {
        if (_store.ReadEnvironment(handle.Data) is null)
        {
            throw Lost(handle);
        }

        var run = WhileItExists(handle, () => RunOf(handle));
        if (run?.IsLost(now) == true)
        {
            throw new BackendException(run.LostReason, $"The environment {handle.Name} was lost.");
        }

        return run?.IsOut(now) == true
            ? throw new BackendException(BackendFailureReason.Unreachable, "The fake can't be reached.", isTransient: true)
            : run;
    }

    /// <summary>Its files may go, by a destruction, between two looks at them.</summary>
    private T WhileItExists<T>(EnvironmentHandle handle, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException) when (_store.ReadEnvironment(handle.Data) is null)
        {
            throw Lost(handle);
        }
    }

    /// <summary>Where a reader's block ends at the latest; throws where the stream is to break.</summary>
    private long BreakAt(EnvironmentHandle handle, FakeRun run, long offset, long length)
    {
        if (run.BreaksAt is not { } at || at < offset || _brokenStreams.ContainsKey(handle.Data))
        {
            return length;
        }

        return offset == at && _brokenStreams.TryAdd(handle.Data, true)
            ? throw new BackendException(BackendFailureReason.Unreachable, "The fake's stream broke.", isTransient: true)
            : Math.Min(at, length);
    }
}
