namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>The release that the cluster behaves as, where releases differ.</summary>
public sealed record KubernetesVersion(int Major, int Minor, int Patch = 0)
{
    /// <summary>The release that the simulation's answers were compared with.</summary>
    public static KubernetesVersion V1_20 { get; } = new(1, 20, 2);

    public static KubernetesVersion V1_33 { get; } = new(1, 33, 1);

    /// <summary>Exec by WebSocket is checked as <c>create</c>, as by SPDY.</summary>
    public static KubernetesVersion V1_35 { get; } = new(1, 35);

    internal bool HasWebSocketV5 => Minor >= 30;

    internal bool ChecksCreateForWebSocketExec => Minor >= 35;

    internal bool HasSelfSubjectReview => Minor >= 28;

    internal bool TellsPreemption => Minor >= 24;

    /// <summary>Without a container named, the first of several is meant.</summary>
    internal bool TakesFirstContainer => Minor >= 23;

    internal bool SortsAllowedValues => Minor >= 28;

    /// <summary>What a kubelet gives up keeps conditions and container statuses, and those tell how the containers ended.</summary>
    internal bool KeepsStatusOfGivenUp => Minor >= 22;

    /// <summary>The kubelet's events name it in their newer fields too.</summary>
    internal bool ReportsKubelet => Minor >= 28;

    internal bool HasDisruptionCondition => Minor >= 26;

    public override string ToString() => $"v{Major}.{Minor}.{Patch}";
}
