namespace ContainerGroups.Kubernetes.Simulation.Nodes;

/// <summary>How a container ended, as its status tells it.</summary>
internal sealed record ContainerEnd(string Reason, int ExitCode, string? Message = null)
{
    public static ContainerEnd Of(int exitCode, string? message = null) => new(exitCode == 0 ? "Completed" : "Error", exitCode, message);
}
