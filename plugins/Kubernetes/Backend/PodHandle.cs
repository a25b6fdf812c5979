using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>What is needed to find a job's pod again, in every version that was ever stored.</summary>
internal sealed record PodHandle
{
    private const int CurrentVersion = 1;

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>So that a later pod of the same name is never taken for this one.</summary>
    public required string Uid { get; init; }

    /// <summary>The container in which the job runs.</summary>
    public required string Container { get; init; }

    /// <exception cref="BackendException">The handle is of a kind that this version does not know.</exception>
    public static PodHandle Of(EnvironmentHandle handle)
    {
        if (handle.Version == CurrentVersion)
        {
            try
            {
                if (JsonSerializer.Deserialize(handle.Data, PodHandleJson.Default.PodHandle) is { } read)
                {
                    return read;
                }
            }
            catch (JsonException)
            {
                // Told below, as for a handle of another version.
            }
        }

        throw new BackendException(
            BackendFailureReason.EnvironmentLost,
            $"What was stored about the pod {handle.Name} can't be read by this version of the plugin (version {handle.Version}); use the version that made it.");
    }

    public static PodHandle Of(Pod pod, string container) =>
        new() { Namespace = pod.Namespace, Name = pod.Name, Uid = pod.Uid, Container = container };

    public EnvironmentHandle ToHandle() => new()
    {
        Name = Name,
        Version = CurrentVersion,
        Data = JsonSerializer.Serialize(this, PodHandleJson.Default.PodHandle),
    };
}
