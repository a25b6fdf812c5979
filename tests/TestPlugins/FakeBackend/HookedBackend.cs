using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>
/// Tells a test of every call, before it has any effect and after it had its effect; the test may throw then, and count. The test
/// leaves the function in the process under the name that the setting <c>hook</c> gives: no type of this plugin crosses the line.
/// </summary>
internal sealed class HookedBackend(IExecutionBackend backend, Func<string, string, bool, Task> hook) : IExecutionBackend
{
    private const string Unnamed = "";

    public string Name => backend.Name;

    public BackendCapabilities Capabilities => backend.Capabilities;

    public IReadOnlyList<InputField> Settings => backend.Settings;

    /// <summary>The backend itself where no test wants to hear of its calls.</summary>
    public static IExecutionBackend Around(IExecutionBackend backend, string? hook) =>
        hook is not null && AppDomain.CurrentDomain.GetData(hook) is Func<string, string, bool, Task> function
            ? new HookedBackend(backend, function)
            : backend;

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings) => backend.ValidateSettings(settings);

    public Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken) =>
        backend.CheckHealthAsync(target, cancellationToken);

    public async Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        await hook("provision", Unnamed, false);
        var handle = await backend.ProvisionAsync(request, cancellationToken);
        await hook("provision", handle.Name, true);
        return handle;
    }

    public Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken) =>
        TellAsync("start", handle, () => backend.StartAsync(handle, target, request, cancellationToken));

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await hook("output", handle.Name, false);
        await foreach (var block in backend.ReadOutputAsync(handle, target, offset, cancellationToken))
        {
            yield return block;
            await hook("output", handle.Name, true);
        }
    }

    public async Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        await hook("wait", handle.Name, false);
        var exit = await backend.WaitForExitAsync(handle, target, cancellationToken);
        await hook("wait", handle.Name, true);
        return exit;
    }

    public async Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        await hook("reattach", handle.Name, false);
        var state = await backend.ReattachAsync(handle, target, cancellationToken);
        await hook("reattach", handle.Name, true);
        return state;
    }

    public Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken) =>
        TellAsync("cancel", handle, () => backend.CancelAsync(handle, target, grace, cancellationToken));

    public Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        TellAsync("destroy", handle, () => backend.DestroyAsync(handle, target, cancellationToken));

    public async IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(
        BackendTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await hook("list", Unnamed, false);
        await foreach (var environment in backend.ListEnvironmentsAsync(target, cancellationToken))
        {
            yield return environment;
        }
    }

    private async Task TellAsync(string member, EnvironmentHandle handle, Func<Task> call)
    {
        await hook(member, handle.Name, false);
        await call();
        await hook(member, handle.Name, true);
    }
}
