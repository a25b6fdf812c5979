namespace ContainerGroups.Abstractions;

/// <summary>
/// What an <see cref="IExecutionBackend"/> also implements when its environments follow a specification of which groups override
/// parts (<see cref="BackendTarget.PodSpecOverride"/>). On any thread, many at once.
/// </summary>
public interface IEnvironmentPreview
{
    /// <summary>The specification that holds where a group overrides nothing, as JSON, for people who write overrides. Constant.</summary>
    string DefaultSpec { get; }

    /// <summary>Checks an override before it is stored. Returns every error at once; empty means legal. Without I/O.
    /// <see cref="InputError.Field"/> is the path of the field inside the override, empty for the whole, and the message names the
    /// place in the text where there is one.</summary>
    IReadOnlyList<InputError> ValidateSpec(string spec);

    /// <summary>
    /// Says which environment a request would get, and makes none. The job's id is 0 where no job is meant. Bounded by the host to 30 seconds.
    /// </summary>
    /// <param name="request">The group, and what the job would ask for.</param>
    /// <param name="askTarget">Whether the target itself is asked what it thinks of it; else nothing leaves the host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BackendException"><see cref="BackendFailureReason.InvalidSettings"/>: the override can't be used.</exception>
    Task<EnvironmentPreview> PreviewAsync(ProvisionRequest request, bool askTarget, CancellationToken cancellationToken);
}

/// <summary>The environment that a request would get.</summary>
public sealed record EnvironmentPreview
{
    /// <summary>The whole specification, as JSON, without secrets.</summary>
    public required string Spec { get; init; }

    /// <summary>Who gave each field of the specification that holds a value, by its path: <c>default</c>, <c>group</c>, <c>job</c>, or another
    /// word of the backend's that tells a person where to look.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    /// <summary>What the user may wonder about, in plain sentences: which of several values won, what was left out and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the target thinks of it; null when it was not asked.</summary>
    public EnvironmentVerdict? Verdict { get; init; }
}

/// <summary>What a target thinks of an environment that it was shown.</summary>
public sealed record EnvironmentVerdict
{
    /// <summary>Whether it would take it; null when it could not be asked.</summary>
    public required bool? Accepted { get; init; }

    /// <summary>The target's own words, and what to do.</summary>
    public required string Message { get; init; }
}
