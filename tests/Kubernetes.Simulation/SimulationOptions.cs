namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>How a simulated cluster is made and how fast it is. Times are by <see cref="Clock"/>.</summary>
public sealed record SimulationOptions
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public KubernetesVersion Version { get; init; } = KubernetesVersion.V1_33;

    /// <summary>From a pod's creation until the scheduler looks at it.</summary>
    public TimeSpan SchedulingDelay { get; init; } = TimeSpan.Zero;

    /// <summary>From a pod's scheduling until its kubelet has taken it up.</summary>
    public TimeSpan KubeletDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long an image takes that is not on the node yet.</summary>
    public TimeSpan ImagePullDelay { get; init; } = TimeSpan.Zero;

    /// <summary>From the image being there until its container runs.</summary>
    public TimeSpan ContainerStartDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long a process takes that ends on SIGTERM, and the kubelet to tell.</summary>
    public TimeSpan TerminationDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Between bookmarks of a watch that asked for them.</summary>
    public TimeSpan BookmarkPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many changes a watch can be resumed over.</summary>
    public int WatchCacheSize { get; init; } = 10_000;

    /// <summary>How long the next page of a list can be asked for.</summary>
    public TimeSpan ContinueLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From a node's loss until its pods are deleted, as the tolerations that every pod gets have it.</summary>
    public TimeSpan NodeLostEviction { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The nodes at the start.</summary>
    public IReadOnlyList<SimulatedNode> Nodes { get; init; } = [new SimulatedNode { Name = "node-1" }];

    /// <summary>Answers exec; null for real processes of this machine.</summary>
    public IExecProgram? Exec { get; init; }

    /// <summary>Told of each request as it comes in, before it is answered: its kind, and the object's name where its path has one.</summary>
    public Action<RequestKind, string?>? Received { get; init; }

    /// <summary>Where the pods' directories are made; null for a temporary one, which is removed at the end.</summary>
    public string? Directory { get; init; }
}
