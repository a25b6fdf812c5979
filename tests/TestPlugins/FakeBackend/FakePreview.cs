using System.Text.Json;
using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>Shows what it was asked for. The words <c>wrong</c>, <c>unusable</c> and <c>refused</c> in an override make it say so.</summary>
internal static class FakePreview
{
    public const string DefaultSpec = """{"kind":"Fake"}""";

    public static IReadOnlyList<InputError> Validate(string spec) =>
        [.. spec.Split('\n').Index().Where(line => line.Item.Contains("wrong"))
            .Select(line => new InputError { Field = "spec", Message = $"Line {line.Index + 1} is wrong." })];

    public static EnvironmentPreview Of(ProvisionRequest request, bool askTarget)
    {
        var text = request.Target.PodSpecOverride;
        if (text.Contains("unusable"))
        {
            throw new BackendException(BackendFailureReason.InvalidSettings, "The fake can't use this.");
        }

        var spec = new
        {
            text,
            job = request.JobId,
            name = request.JobName,
            image = request.Image,
            fallback = request.DefaultImage,
            pull = request.ImagePull,
            seconds = request.Timeout?.TotalSeconds,
        };
        return new EnvironmentPreview
        {
            Spec = JsonSerializer.Serialize(spec),
            Origins = new Dictionary<string, string> { ["text"] = "group" },
            Notes = ["A note."],
            Verdict = askTarget ? new EnvironmentVerdict { Accepted = !text.Contains("refused"), Message = "The fake has spoken." } : null,
        };
    }
}
