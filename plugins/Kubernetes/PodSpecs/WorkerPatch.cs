using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Patches of the worker, among whatever other containers a pod has.</summary>
internal static class WorkerPatch
{
    /// <summary>Puts some fields over the worker's.</summary>
    public static PodMap Of(PodMap worker, PodMap fields)
    {
        var containers = new PodList(fields.Origin, default, [fields.With("name", worker["name"]!)]);
        var spec = new PodMap(fields.Origin, default, [KeyValuePair.Create<string, PodNode>("containers", containers)]);
        return new PodMap(fields.Origin, default, [KeyValuePair.Create<string, PodNode>("spec", spec)]);
    }

    /// <summary>The worker of a pod.</summary>
    /// <exception cref="PodSpecException">The override has removed it.</exception>
    public static PodMap WorkerOf(PodMap pod) =>
        pod.Map("spec")?.List("containers")?.Items.OfType<PodMap>().FirstOrDefault(item => item.Text("name") == DefaultPod.Worker)
        ?? throw new PodSpecException(
            default, "spec.containers",
            $"No container is left for the job to run in: name one {DefaultPod.Worker}, or leave its name out.");

    /// <summary>Takes away the default's requests that are above a limit of the override, which no cluster would take; null when there are none.</summary>
    public static PodMap? RequestsWithinLimits(PodMap worker, List<string> notes)
    {
        var (requests, limits) = (worker.Map("resources")?.Map("requests"), worker.Map("resources")?.Map("limits"));
        var above = requests?.Fields
            .Where(request => request.Value is PodScalar { Origin: FieldOrigins.Default } asked && limits?[request.Key] is PodScalar limit
                && Quantity.Parse(asked.Text) > Quantity.Parse(limit.Text))
            .ToList();
        if (above is not { Count: > 0 })
        {
            return null;
        }

        notes.AddRange(above.Select(request =>
            $"The default's request of {((PodScalar)request.Value).Text} {request.Key} was left out: the limit is below it, and is what the cluster takes for the request now."));
        var taken = new PodMap(FieldOrigins.Group, default, above.Select(request => KeyValuePair.Create<string, PodNode>(request.Key, PodScalar.Null(FieldOrigins.Group))));
        var resources = new PodMap(FieldOrigins.Group, default, [KeyValuePair.Create<string, PodNode>("requests", taken)]);
        return Of(worker, new PodMap(FieldOrigins.Group, default, [KeyValuePair.Create<string, PodNode>("resources", resources)]));
    }

    /// <summary>Gives the worker back the directory of ours that an override took from it; null when it has one.</summary>
    public static PodMap? RunnerDirectory(PodMap pod, PodMap worker, List<string> notes)
    {
        var mount = worker.List("volumeMounts")?.Items.OfType<PodMap>()
            .FirstOrDefault(item => item.Text("mountPath")?.TrimEnd('/') == DefaultPod.RunnerPath);
        var volume = mount?.Text("name") ?? DefaultPod.RunnerVolume;
        var hasVolume = pod.Map("spec")?.List("volumes")?.Items.OfType<PodMap>().Any(item => item.Text("name") == volume) == true;
        if (mount is not null && (hasVolume || volume != DefaultPod.RunnerVolume))
        {
            return null;
        }

        notes.Add($"The volume {DefaultPod.RunnerVolume} at {DefaultPod.RunnerPath} was put back: the job's files live there. Another volume may be mounted at that path.");
        var patch = mount is not null
            ? new PodMap(FieldOrigins.Job, default, [])
            : Of(worker, PodNode.Parse($$"""{"volumeMounts":[{"name":"{{DefaultPod.RunnerVolume}}","mountPath":"{{DefaultPod.RunnerPath}}"}]}""", FieldOrigins.Job));
        if (hasVolume)
        {
            return patch;
        }

        var volumes = PodNode.From(
            new JsonArray(new JsonObject { ["name"] = DefaultPod.RunnerVolume, ["emptyDir"] = new JsonObject() }), FieldOrigins.Job);
        var spec = patch.Map("spec") ?? new PodMap(FieldOrigins.Job, default, []);
        return patch.With("spec", spec.With("volumes", volumes));
    }
}
