using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>What is wrong with a pod spec override, and where.</summary>
/// <param name="Place">The place in the text; none when the code itself is the cause.</param>
/// <param name="Path">The field.</param>
/// <param name="Message">What is wrong and what would be right, in a sentence.</param>
internal sealed record PodSpecError(TextPlace Place, string Path, string Message)
{
    public override string ToString()
    {
        var place = Place.IsKnown ? $"Line {Place.Line}, column {Place.Column}" : "";
        var where = (place.Length, Path.Length) switch
        {
            (0, 0) => "",
            (0, _) => $"{Path}: ",
            (_, 0) => $"{place}: ",
            _ => $"{place}, {Path}: ",
        };
        return where + Message;
    }
}

/// <summary>A pod spec override can't be used.</summary>
internal sealed class PodSpecException(IReadOnlyList<PodSpecError> errors) : Exception(string.Join(' ', errors))
{
    public PodSpecException(TextPlace place, string path, string message)
        : this([new PodSpecError(place, path, message)])
    {
    }

    public IReadOnlyList<PodSpecError> Errors { get; } = errors;

    public BackendException ToBackendException() =>
        new(BackendFailureReason.InvalidSettings, $"The group's pod_spec_override can't be used. {Message}", innerException: this);
}
