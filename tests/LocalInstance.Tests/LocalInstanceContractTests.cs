using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>Holds the backend to what every backend has to keep.</summary>
public sealed class LocalInstanceContractTests : ExecutionBackendContract, IDisposable
{
    private readonly TemporaryDirectory _data = new();

    protected override BackendTarget Target { get; } = new() { InstanceGroupId = 1, InstanceGroupName = "default" };

    public void Dispose() => _data.Dispose();

    protected override IExecutionBackend CreateBackend(string installationId) => Backends.Create(_data.Path, installationId);
}
