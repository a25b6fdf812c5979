using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Decides which image the worker runs, and when it is pulled.</summary>
internal sealed class ImageChoice(PodSpecRequest request, List<string> notes)
{
    private const string PullField = "imagePullPolicy";

    /// <summary>The patches that give a worker its image and pull policy.</summary>
    public IEnumerable<PodMap> PatchesFor(PodMap worker)
    {
        var candidates = new List<(string Image, string Origin, string Name)>();
        Add(request.Image, FieldOrigins.ExecutionEnvironment, "the job's execution environment");
        Add(worker.Text("image"), FieldOrigins.Group, "the group's override");
        Add(request.DefaultImage, FieldOrigins.DefaultEnvironment, "the default execution environment");
        Add(DefaultPod.Image, FieldOrigins.Default, "the default in code");
        var (image, origin, name) = candidates[0];
        var beaten = candidates.Skip(1).Where(other => other.Origin != FieldOrigins.Default).Select(other => $"{other.Image} of {other.Name}").ToList();
        notes.Add(beaten.Count == 0
            ? $"The worker's image is {image}, from {name}."
            : $"The worker's image is {image}, from {name}, which comes before {string.Join(" and ", beaten)}.");
        if (origin != FieldOrigins.Group)
        {
            yield return Patch(worker, "image", image, origin);
        }

        if (Policy() is not { } policy)
        {
            yield break;
        }

        if (worker.Text(PullField) is { Length: > 0 } own)
        {
            if (own != policy)
            {
                notes.Add($"The worker's {PullField} is the group's {own}, which comes before {policy} of the execution environment.");
            }

            yield break;
        }

        yield return Patch(worker, PullField, policy, FieldOrigins.ExecutionEnvironment);

        void Add(string? image, string origin, string name)
        {
            if (!string.IsNullOrWhiteSpace(image))
            {
                candidates.Add((image.Trim(), origin, name));
            }
        }
    }

    private string? Policy() => request.ImagePull switch
    {
        "always" => "Always",
        "missing" => "IfNotPresent",
        "never" => "Never",
        _ => null,
    };

    private static PodMap Patch(PodMap worker, string field, string value, string origin) =>
        WorkerPatch.Of(worker, (PodMap)PodNode.From(new JsonObject { [field] = value }, origin));
}
