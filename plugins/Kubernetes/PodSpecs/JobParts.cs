using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>What the job fixes in its pod, whatever the override says: who it is, that it runs once, and when it dies.</summary>
internal sealed class JobParts(PodSpecRequest request, List<string> notes)
{
    // What only a server gives a pod: people paste what kubectl get -o yaml printed.
    private static readonly string[] ServerFields =
    [
        "generateName", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "managedFields",
    ];

    /// <summary>The patch that puts the job's parts over a pod.</summary>
    public PodMap PatchFor(PodMap pod)
    {
        var name = PodIdentity.Name(request.InstallationId, request.JobId, request.Attempt);
        var metadata = new JsonObject { ["name"] = name };
        NoteFixed(pod.Map("metadata"), "metadata", "name", name, "it derives from the job");
        Labels(pod, metadata);
        if (PodIdentity.JobName(request.JobName) is { Length: > 0 } jobName)
        {
            metadata["annotations"] = new JsonObject { [PodIdentity.JobNameAnnotation] = jobName };
        }

        var spec = new JsonObject { ["restartPolicy"] = "Never" };
        if (Deadline(pod.Map("spec")) is { } deadline)
        {
            spec["activeDeadlineSeconds"] = deadline;
        }

        var patch = new JsonObject { ["metadata"] = metadata, ["spec"] = spec };
        NoteFixed(pod.Map("spec"), "spec", "restartPolicy", "Never", "a job runs once");
        DropServerFields(pod, patch, metadata);
        return (PodMap)PodNode.From(patch, FieldOrigins.Job);
    }

    private void Labels(PodMap pod, JsonObject metadata)
    {
        var labels = PodIdentity.Labels(request.InstallationId, request.JobId, request.Attempt);
        foreach (var (key, value) in labels)
        {
            NoteFixed(pod.Map("metadata")?.Map("labels"), "metadata.labels", key, value, "by it the server finds its pods again");
        }

        metadata["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
    }

    /// <summary>The pod dies by itself even if no server ever comes back. Null when the override asks for a shorter life, which is granted.</summary>
    private long? Deadline(PodMap? spec)
    {
        var longest = request.Timeout is { } timeout ? timeout + request.PendingMargin + request.ReadingMargin : request.MaxPodLifetime;
        var seconds = Math.Clamp((long)Math.Ceiling(longest.TotalSeconds), 1, int.MaxValue);
        if (spec?["activeDeadlineSeconds"] is not PodScalar { Origin: FieldOrigins.Group } own
            || !long.TryParse(own.Text, System.Globalization.CultureInfo.InvariantCulture, out var wanted))
        {
            return seconds;
        }

        if (wanted > 0 && wanted <= seconds)
        {
            notes.Add($"spec.activeDeadlineSeconds {wanted} of the group is shorter than the {seconds} that the job would set, and holds: Kubernetes ends a job that takes longer.");
            return null;
        }

        notes.Add($"spec.activeDeadlineSeconds is {seconds}, not the group's {own.Text}: a pod must not outlive its job's time limit and margins.");
        return seconds;
    }

    private void DropServerFields(PodMap pod, JsonObject patch, JsonObject metadata)
    {
        var dropped = ServerFields.Where(field => pod.Map("metadata")?.Has(field) == true).ToList();
        dropped.ForEach(field => metadata[field] = null);
        if (pod.Has("status"))
        {
            patch["status"] = null;
        }

        var names = dropped.Select(field => $"metadata.{field}").Concat(pod.Has("status") ? ["status"] : []).ToList();
        if (names.Count > 0)
        {
            notes.Add($"Left out, because the cluster alone sets it: {string.Join(", ", names)}.");
        }
    }

    private void NoteFixed(PodMap? parent, string path, string key, string value, string why)
    {
        if (parent?[key] is PodScalar { Origin: FieldOrigins.Group } given && given.Text != value)
        {
            notes.Add($"{FieldPath.Of(path, key)} is {value}, not the group's {given.Text}: {why}.");
        }
    }
}
