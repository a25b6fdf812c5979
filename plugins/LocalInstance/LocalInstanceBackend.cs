using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;
using ContainerGroups.LocalInstance.Files;
using ContainerGroups.LocalInstance.Processes;

namespace ContainerGroups.LocalInstance;

/// <summary>Runs every job in a directory of its own, under a supervisor that lives on without the server.</summary>
internal sealed class LocalInstanceBackend(PluginContext context) : IExecutionBackend
{
    private readonly DirectoryChanges _changes = new();
    private readonly RunDirectories _directories = new(context);

    public string Name => "local_instance";

    public BackendCapabilities Capabilities { get; } = new() { ReachableFromAnyHost = false, UsesInstances = true };

    public IReadOnlyList<InputField> Settings => LocalInstanceSettings.Fields;

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings) => LocalInstanceSettings.Validate(settings);

    public Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken) =>
        Task.Run(() => new HealthCheck(_directories).Run(target), cancellationToken);

    public Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var directory = _directories.Make(request);
            request.Progress?.Report(new EnvironmentProgress { Phase = EnvironmentPhases.EnvironmentCreated });
            request.Progress?.Report(new EnvironmentProgress { Phase = EnvironmentPhases.Ready });
            return directory.ToHandle();
        },
        cancellationToken);

    public Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken) =>
        new ProgramStart(LocalInstanceSettings.User(target)).RunAsync(RunDirectory.Of(handle), request, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, CancellationToken cancellationToken) =>
        new SpoolReader(Watch(handle), offset).ReadAsync(cancellationToken);

    public Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        Watch(handle).WaitForEndAsync(cancellationToken);

    public Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        Task.Run(() => RunDirectory.Of(handle).GetState(), cancellationToken);

    public Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken) =>
        new ProgramStop(Watch(handle), context.Clock).StopAsync(grace, cancellationToken);

    public async Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        await new ProgramStop(Watch(handle), context.Clock).KillEverythingAsync(cancellationToken);
        await DirectoryRemoval.RemoveAsync(RunDirectory.Of(handle), cancellationToken);
    }

    public async IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(
        BackendTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var listing in await Task.Run(() => _directories.List(target), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return listing;
        }
    }

    private EnvironmentWatch Watch(EnvironmentHandle handle) => new(RunDirectory.Of(handle), _changes, context.Clock);
}
