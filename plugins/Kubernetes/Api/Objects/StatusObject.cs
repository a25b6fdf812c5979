namespace ContainerGroups.Kubernetes.Api.Objects;

/// <summary>Kubernetes' own account of a failure (or of an exec's end).</summary>
internal sealed record StatusObject
{
    public string? Kind { get; init; }

    /// <summary>Success or Failure.</summary>
    public string? Status { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }

    public StatusDetails? Details { get; init; }
}

internal sealed record StatusDetails
{
    public string? Name { get; init; }

    public string? Kind { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public List<StatusCause>? Causes { get; init; }
}

/// <summary>One of the causes that a Status names: for an invalid object the field and what is wrong with it.</summary>
internal sealed record StatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>A path such as <c>spec.containers[0].image</c>.</summary>
    public string? Field { get; init; }
}
