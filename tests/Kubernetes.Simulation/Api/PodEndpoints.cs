using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>Create, get, list, patch and delete of pods.</summary>
internal sealed class PodEndpoints(PodStore pods, Admission admission, Scheduler scheduler, Kubelet kubelet, ListPages pages)
{
    private static readonly Lock Admitting = new();

    public async Task CreateAsync(HttpContext http, ResourceRequest request)
    {
        var dryRun = IsDryRun(http.Request);
        var body = await ReadAsync(http) ?? throw Statuses.BadRequest("unexpected empty request body");
        CheckShape(body, request.Namespace!);
        StoredPod pod;
        lock (Admitting)
        {
            // Quota and name are looked at and taken in one step, as the quota's own record is on a real server.
            pod = admission.Admit(request.Namespace!, body);
            if (pods.Find(pod.Namespace, pod.Name) is not null)
            {
                throw Statuses.AlreadyExists("pods", pod.Name);
            }

            if (dryRun)
            {
                pod.Item = JsonSerializer.SerializeToUtf8Bytes(pod.Object);
            }
            else
            {
                pods.Add(pod);
            }
        }

        // What the caller gets is the pod as it was created, whatever has become of it since.
        var created = StoredPod.Whole(pod.Item);
        if (!dryRun)
        {
            scheduler.Add(pod);
        }

        await http.AnswerAsync(201, created);
    }

    public Task GetAsync(HttpContext http, ResourceRequest request) => http.AnswerAsync(200, StoredPod.Whole(Find(request).Item));

    public Task ListAsync(HttpContext http, ResourceRequest request) => http.AnswerAsync(200, pages.Page(http.Request.Query, request.Namespace));

    public async Task PatchAsync(HttpContext http, ResourceRequest request)
    {
        var type = http.Request.ContentType?.Split(';')[0];
        if (type is not ("application/merge-patch+json" or "application/strategic-merge-patch+json"))
        {
            throw new StatusException(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: "
                + "application/merge-patch+json, application/strategic-merge-patch+json");
        }

        var patch = await ReadAsync(http) ?? throw Statuses.BadRequest("unexpected empty request body");
        var pod = Find(request);
        pods.Change(pod, _ =>
        {
            foreach (var part in new[] { "labels", "annotations" })
            {
                if (patch["metadata"]?[part] is JsonObject changes)
                {
                    var target = pod.Metadata[part] as JsonObject ?? [];
                    foreach (var (key, value) in changes)
                    {
                        target.Remove(key);
                        if (value is not null)
                        {
                            target[key] = value.DeepClone();
                        }
                    }

                    pod.Metadata[part] = target.Parent is null ? target : target.DeepClone();
                }
            }
        });
        await http.AnswerAsync(200, StoredPod.Whole(pod.Item));
    }

    public async Task DeleteAsync(HttpContext http, ResourceRequest request)
    {
        var dryRun = IsDryRun(http.Request);
        var body = await ReadAsync(http);
        var pod = Find(request);
        if ((string?)body?["preconditions"]?["uid"] is { } uid && uid != pod.Uid)
        {
            throw Statuses.Conflict(
                "Pod", pod.Name, $"the UID in the precondition ({uid}) does not match the UID in record ({pod.Uid}). The object might have been deleted and then recreated");
        }

        if (!dryRun)
        {
            Delete(pod, GraceOf(body, http.Request) ?? Kubelet.GraceOf(pod));
        }

        await http.AnswerAsync(200, StoredPod.Whole(pod.Item));
    }

    public void Delete(StoredPod pod, TimeSpan grace)
    {
        lock (pods.Lock)
        {
            if (grace <= TimeSpan.Zero || pod.NodeName is null || pod.HasEnded)
            {
                kubelet.Forget(pod);
            }
            else
            {
                kubelet.DeleteGracefully(pod, grace);
            }
        }
    }

    private static TimeSpan? GraceOf(JsonObject? body, HttpRequest request)
    {
        var text = body?["gracePeriodSeconds"]?.ToString() ?? request.Query["gracePeriodSeconds"].FirstOrDefault();
        return long.TryParse(text, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static bool IsDryRun(HttpRequest request) => request.Query["dryRun"].ToArray() switch
    {
        [] => false,
        ["All"] => true,
        var values => throw Statuses.Invalid("CreateOptions", "", [new("FieldValueNotSupported", "dryRun",
            $"Unsupported value: []string{{{string.Join(", ", values.Select(value => $"\"{value}\""))}}}: supported values: \"All\"")]),
    };

    private static async Task<JsonObject?> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (buffer.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(buffer.ToArray()) as JsonObject ?? throw Statuses.BadRequest("couldn't get version/kind; json parse error: the body is no object");
        }
        catch (JsonException error)
        {
            throw Statuses.BadRequest($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    private static void CheckShape(JsonObject body, string @namespace)
    {
        var (version, kind) = ((string?)body["apiVersion"], (string?)body["kind"]);
        if ((version ?? "v1", kind ?? "Pod") != ("v1", "Pod"))
        {
            throw Statuses.BadRequest($"{kind} in version \"{version}\" cannot be handled as a Pod: converting (v1.{kind}).v1.{kind} to (v1.Pod).core.Pod: unknown conversion");
        }

        body["metadata"] ??= new JsonObject();
        PodShape.Check(body);
        if ((string?)body["metadata"]!["namespace"] is { Length: > 0 } own && own != @namespace)
        {
            throw Statuses.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private StoredPod Find(ResourceRequest request) => pods.Find(request.Namespace!, request.Name!) ?? throw Statuses.NotFound("pods", request.Name!);
}
