namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>A node's room and labels.</summary>
public sealed record SimulatedNode
{
    public required string Name { get; init; }

    public int Pods { get; init; } = 10_000;

    /// <summary>In cores.</summary>
    public decimal Cpu { get; init; } = 1_000_000;

    /// <summary>In bytes.</summary>
    public decimal Memory { get; init; } = 1L << 60;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Taints with effect NoSchedule, as <c>key=value</c>.</summary>
    public IReadOnlyDictionary<string, string> Taints { get; init; } = new Dictionary<string, string>();

    public bool Unschedulable { get; init; }

    public string Address { get; init; } = "10.244.0.1";
}
