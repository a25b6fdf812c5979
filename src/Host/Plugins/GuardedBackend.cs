using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin's backend as the rest of the host sees it: only what its contract allows comes out, and short calls end in time.</summary>
internal sealed class GuardedBackend : IExecutionBackend
{
    private static readonly TimeSpan HealthDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReattachDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ListDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DestroyDeadline = TimeSpan.FromMinutes(5);

    // On top of the grace that the program itself has.
    private static readonly TimeSpan CancelDeadline = TimeSpan.FromSeconds(60);

    private readonly IExecutionBackend _backend;
    private readonly PluginCalls _calls;

    /// <summary>Takes the constants once: what a plugin answers later can't surprise anybody.</summary>
    public GuardedBackend(IExecutionBackend backend, PluginCalls calls)
    {
        (_backend, _calls) = (backend, calls);
        Name = backend.Name;
        Capabilities = backend.Capabilities;
        Settings = backend.Settings;
    }

    public string Name { get; }

    public BackendCapabilities Capabilities { get; }

    public IReadOnlyList<InputField> Settings { get; }

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings) =>
        _calls.Run(nameof(ValidateSettings), () => _backend.ValidateSettings(settings));

    public async Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(
                nameof(CheckHealthAsync), token => _backend.CheckHealthAsync(target, token), HealthDeadline, cancellationToken);
        }
        catch (BackendException e)
        {
            return new BackendHealth { Healthy = false, Message = e.Message };
        }
    }

    public Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken) =>
        _calls.RunAsync(nameof(ProvisionAsync), token => _backend.ProvisionAsync(request, token), deadline: null, cancellationToken);

    public Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            nameof(StartAsync), token => _backend.StartAsync(handle, target, request, token), deadline: null, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, CancellationToken cancellationToken) =>
        _calls.StreamAsync(
            nameof(ReadOutputAsync), token => _backend.ReadOutputAsync(handle, target, offset, token), deadline: null, cancellationToken);

    public Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            nameof(WaitForExitAsync), token => _backend.WaitForExitAsync(handle, target, token), deadline: null, cancellationToken);

    public Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            nameof(ReattachAsync), token => _backend.ReattachAsync(handle, target, token), ReattachDeadline, cancellationToken);

    public Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            nameof(CancelAsync), token => _backend.CancelAsync(handle, target, grace, token), grace + CancelDeadline, cancellationToken);

    public Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        _calls.RunAsync(nameof(DestroyAsync), token => _backend.DestroyAsync(handle, target, token), DestroyDeadline, cancellationToken);

    public IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(BackendTarget target, CancellationToken cancellationToken) =>
        _calls.StreamAsync(
            nameof(ListEnvironmentsAsync), token => _backend.ListEnvironmentsAsync(target, token), ListDeadline, cancellationToken);
}
