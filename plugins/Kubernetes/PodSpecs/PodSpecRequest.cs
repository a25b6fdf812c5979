namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Asks for the pod of one attempt of a job.</summary>
internal sealed record PodSpecRequest
{
    public required string InstallationId { get; init; }

    public required long JobId { get; init; }

    public required int Attempt { get; init; }

    public string JobName { get; init; } = "";

    /// <summary>The group's override as the user wrote it; empty for none.</summary>
    public string Override { get; init; } = "";

    /// <summary>The image that the job or its template asks for; null when they don't.</summary>
    public string? Image { get; init; }

    /// <summary>The image that holds when neither the job nor the override names one; null for the one in code.</summary>
    public string? DefaultImage { get; init; }

    /// <summary><c>always</c>, <c>missing</c>, <c>never</c>; empty when the execution environment leaves it open.</summary>
    public string ImagePull { get; init; } = "";

    /// <summary>The longest time that the program may run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long a pod may live whose job has no time limit.</summary>
    public TimeSpan MaxPodLifetime { get; init; } = TimeSpan.FromHours(48);

    /// <summary>The namespace in which this server runs; null outside of a cluster.</summary>
    public string? OwnNamespace { get; init; }

    /// <summary>How long a pod may need on its node until the program starts: pulling images, delivering the payload.</summary>
    public TimeSpan PendingMargin { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long the rest of the output may be read once the program has ended.</summary>
    public TimeSpan ReadingMargin { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>The pod that would be made, and how it came about.</summary>
internal sealed record EffectivePod
{
    /// <summary>The pod as it is sent to the cluster.</summary>
    public required System.Text.Json.Nodes.JsonObject Pod { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The container in which the job runs.</summary>
    public required string WorkerContainer { get; init; }

    /// <summary>The image of that container.</summary>
    public required string Image { get; init; }

    /// <summary>Who gave each leaf of the pod, by its path (<see cref="FieldPath"/>): one of <see cref="FieldOrigins"/>.</summary>
    public required IReadOnlyDictionary<string, string> Origins { get; init; }

    /// <summary>What a person who wrote the override may wonder about, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
