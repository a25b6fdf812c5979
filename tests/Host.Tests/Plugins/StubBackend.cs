using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>A backend of which every asynchronous member does what a test says, and gives a plain result after it.</summary>
internal class StubBackend(Func<CancellationToken, Task> act) : IExecutionBackend
{
    public string Name => "stub";

    public BackendCapabilities Capabilities { get; } = new() { ReachableFromAnyHost = true, UsesInstances = false };

    public IReadOnlyList<InputField> Settings => [];

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings)
    {
        act(CancellationToken.None).GetAwaiter().GetResult();
        return [];
    }

    public async Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken)
    {
        await act(cancellationToken);
        return new BackendHealth { Healthy = true, Message = "Well." };
    }

    public async Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        await act(cancellationToken);
        return new EnvironmentHandle { Name = "stub-1", Version = 1, Data = "" };
    }

    public Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken) =>
        act(cancellationToken);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return "before"u8.ToArray();
        await act(cancellationToken);
        yield return "after"u8.ToArray();
    }

    public async Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        await act(cancellationToken);
        return new JobExit { ExitCode = 0, OutputLength = 11 };
    }

    public async Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        await act(cancellationToken);
        return EnvironmentState.Running;
    }

    public Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken) =>
        act(cancellationToken);

    public Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) => act(cancellationToken);

    public async IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(
        BackendTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await act(cancellationToken);
        yield break;
    }
}
