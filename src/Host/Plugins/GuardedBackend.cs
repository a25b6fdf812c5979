using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin's backend as the rest of the host sees it: only what the contract allows comes out, and short calls end in
/// time. Keeps the backend's extra abilities.</summary>
internal class GuardedBackend : IExecutionBackend
{
    private static readonly TimeSpan HealthDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PreviewDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReattachDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ListDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DestroyDeadline = TimeSpan.FromMinutes(5);

    // These end when the job does, or when a scheduler has room.
    private static readonly TimeSpan? NoDeadline = null;

    // On top of the grace that the program itself has.
    private static readonly TimeSpan CancelDeadline = TimeSpan.FromSeconds(60);

    private readonly IExecutionBackend _backend;
    private readonly PluginCalls _calls;
    private readonly Func<string, IReadOnlyList<InputField>?> _credentialInputs;

    /// <summary>Takes the constants once: what a plugin answers later can't surprise anybody.</summary>
    /// <param name="backend">What the plugin offers.</param>
    /// <param name="calls">The line to the plugin.</param>
    /// <param name="credentialInputs">The schema of a credential type, by namespace; null for an unknown one.</param>
    public GuardedBackend(IExecutionBackend backend, PluginCalls calls, Func<string, IReadOnlyList<InputField>?> credentialInputs)
    {
        (_backend, _calls, _credentialInputs) = (backend, calls, credentialInputs);
        Name = backend.Name;
        Capabilities = backend.Capabilities;
        Settings = backend.Settings;
    }

    /// <summary>Wraps a backend so that it still is an <see cref="IEnvironmentPreview"/> when it was one.</summary>
    public static GuardedBackend Wrap(
        IExecutionBackend backend, PluginCalls calls, Func<string, IReadOnlyList<InputField>?> credentialInputs) =>
        backend is IEnvironmentPreview preview
            ? new Previewing(backend, preview, calls, credentialInputs)
            : new GuardedBackend(backend, calls, credentialInputs);

    public string Name { get; }

    public BackendCapabilities Capabilities { get; }

    public IReadOnlyList<InputField> Settings { get; }

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings) =>
        _calls.Run(nameof(ValidateSettings), CallSecrets.None, () => _backend.ValidateSettings(settings));

    public async Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                nameof(CheckHealthAsync), target, HealthDeadline, token => _backend.CheckHealthAsync(target, token), cancellationToken);
        }
        catch (BackendException e)
        {
            return new BackendHealth { Healthy = false, Message = e.Message };
        }
    }

    public Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken) =>
        CallAsync(nameof(ProvisionAsync), request.Target, NoDeadline, token => _backend.ProvisionAsync(request, token), cancellationToken);

    public Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            nameof(StartAsync),
            SecretsOf(target).With(request),
            token => _backend.StartAsync(handle, target, request, token),
            NoDeadline,
            cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, CancellationToken cancellationToken) =>
        _calls.StreamAsync(
            nameof(ReadOutputAsync),
            SecretsOf(target),
            token => _backend.ReadOutputAsync(handle, target, offset, token),
            NoDeadline,
            cancellationToken);

    public Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        CallAsync(
            nameof(WaitForExitAsync), target, NoDeadline, token => _backend.WaitForExitAsync(handle, target, token), cancellationToken);

    public Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        CallAsync(
            nameof(ReattachAsync), target, ReattachDeadline, token => _backend.ReattachAsync(handle, target, token), cancellationToken);

    public Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken) =>
        CallAsync(
            nameof(CancelAsync),
            target,
            grace + CancelDeadline,
            token => _backend.CancelAsync(handle, target, grace, token),
            cancellationToken);

    public Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        CallAsync(nameof(DestroyAsync), target, DestroyDeadline, token => _backend.DestroyAsync(handle, target, token), cancellationToken);

    public IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(BackendTarget target, CancellationToken cancellationToken) =>
        _calls.StreamAsync(
            nameof(ListEnvironmentsAsync),
            SecretsOf(target),
            token => _backend.ListEnvironmentsAsync(target, token),
            ListDeadline,
            cancellationToken);

    private Task<T> CallAsync<T>(
        string member,
        BackendTarget target,
        TimeSpan? deadline,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken) =>
        _calls.RunAsync(member, SecretsOf(target), call, deadline, cancellationToken);

    private Task CallAsync(
        string member, BackendTarget target, TimeSpan? deadline, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        _calls.RunAsync(member, SecretsOf(target), call, deadline, cancellationToken);

    private CallSecrets SecretsOf(BackendTarget target) =>
        CallSecrets.Of(target.Credential, target.CredentialTypeNamespace is { } type ? _credentialInputs(type) : null);

    private sealed class Previewing(
        IExecutionBackend backend, IEnvironmentPreview preview, PluginCalls calls, Func<string, IReadOnlyList<InputField>?> credentialInputs)
        : GuardedBackend(backend, calls, credentialInputs), IEnvironmentPreview
    {
        public string DefaultSpec { get; } = preview.DefaultSpec;

        public IReadOnlyList<InputError> ValidateSpec(string spec) =>
            _calls.Run(nameof(ValidateSpec), CallSecrets.None, () => preview.ValidateSpec(spec));

        public Task<EnvironmentPreview> PreviewAsync(ProvisionRequest request, bool askTarget, CancellationToken cancellationToken) =>
            CallAsync(
                nameof(PreviewAsync),
                request.Target,
                PreviewDeadline,
                token => preview.PreviewAsync(request, askTarget, token),
                cancellationToken);
    }
}
