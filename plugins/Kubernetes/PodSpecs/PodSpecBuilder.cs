using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Makes the pod of a job: the default in code, merged with the group's override, merged with what the job fixes. Without I/O,
/// and the same for the same request.</summary>
internal static partial class PodSpecBuilder
{
    /// <exception cref="BackendException"><see cref="BackendFailureReason.InvalidSettings"/>: the override can't be used; the message names
    /// every fault with its line and field.</exception>
    public static EffectivePod Build(PodSpecRequest request)
    {
        try
        {
            return Merge(request);
        }
        catch (PodSpecException e)
        {
            throw e.ToBackendException();
        }
    }

    /// <exception cref="PodSpecException">The override can't be used.</exception>
    public static EffectivePod Merge(PodSpecRequest request)
    {
        var notes = new List<string>();
        var pod = StrategicMerge.Merge(DefaultPod.Pod, ReadOverride(request.Override, notes));
        var worker = WorkerPatch.WorkerOf(pod);
        foreach (var patch in new ImageChoice(request, notes).PatchesFor(worker))
        {
            pod = StrategicMerge.Merge(pod, patch);
        }

        if (WorkerPatch.RequestsWithinLimits(worker, notes) is { } requests)
        {
            pod = StrategicMerge.Merge(pod, requests);
        }

        if (WorkerPatch.RunnerDirectory(pod, worker, notes) is { } directory)
        {
            pod = StrategicMerge.Merge(pod, directory);
        }

        var @namespace = NamespaceOf(pod, request);
        pod = StrategicMerge.Merge(pod, MissingParts(pod, @namespace));
        pod = StrategicMerge.Merge(pod, new JobParts(request, notes).PatchFor(pod));
        return new EffectivePod
        {
            Pod = pod.ToJson(),
            Name = PodIdentity.Name(request.InstallationId, request.JobId, request.Attempt),
            Namespace = @namespace,
            WorkerContainer = DefaultPod.Worker,
            Image = WorkerPatch.WorkerOf(pod).Text("image")!,
            Origins = OriginsOf(pod),
            Notes = notes,
        };
    }

    private static PodMap ReadOverride(string text, List<string> notes)
    {
        var given = PodTextReader.Read(text, FieldOrigins.Group);
        var checks = PodFieldChecks.Of(given);
        notes.AddRange(checks.Warnings.Select(warning => warning.ToString()));
        return checks.Errors.Count == 0 ? new OverrideRules(notes).Apply(given) : throw new PodSpecException(checks.Errors);
    }

    /// <summary>What a pod can't do without, where the override leaves it open or has taken it away.</summary>
    private static PodMap MissingParts(PodMap pod, string @namespace)
    {
        var parts = new JsonObject();
        foreach (var (field, value) in new[] { ("apiVersion", "v1"), ("kind", "Pod") })
        {
            if (!pod.Has(field))
            {
                parts[field] = value;
            }
        }

        if (pod.Map("metadata")?.Text("namespace") != @namespace)
        {
            parts["metadata"] = new JsonObject { ["namespace"] = @namespace };
        }

        return (PodMap)PodNode.From(parts, FieldOrigins.Default);
    }

    private static string NamespaceOf(PodMap pod, PodSpecRequest request)
    {
        if (pod.Map("metadata")?["namespace"] is not PodScalar { Text.Length: > 0 } given)
        {
            return string.IsNullOrEmpty(request.OwnNamespace) ? DefaultPod.Namespace : request.OwnNamespace;
        }

        return Label().IsMatch(given.Text)
            ? given.Text
            : throw new PodSpecException(
                given.Place, "metadata.namespace", "A namespace has at most 63 lower-case letters, digits and hyphens, and begins and ends with no hyphen.");
    }

    private static Dictionary<string, string> OriginsOf(PodMap pod)
    {
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(pod, FieldPath.Root);
        return origins;

        void Collect(PodNode node, string path)
        {
            if (node.IsLeaf)
            {
                origins[path] = node.Origin;
                return;
            }

            foreach (var (below, child) in Children(node, path))
            {
                Collect(child, below);
            }
        }
    }

    private static IEnumerable<(string Path, PodNode Node)> Children(PodNode node, string path) => node switch
    {
        PodMap map => map.Fields.Select(field => (FieldPath.Of(path, field.Key), field.Value)),
        PodList list => list.Items.Select((item, index) => (FieldPath.Of(path, index), item)),
        _ => [],
    };

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
