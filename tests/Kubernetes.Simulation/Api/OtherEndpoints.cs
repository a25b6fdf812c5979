using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Access;
using ContainerGroups.Kubernetes.Simulation.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>Version, namespaces, events and the reviews of one's own rights.</summary>
internal sealed class OtherEndpoints(Accounts accounts, Namespaces namespaces, EventLog events, PodStore pods, SimulationOptions options)
{
    public Task AnswerAsync(HttpContext http, ResourceRequest request, Identity identity) => (request.FullResource, request.Verb) switch
    {
        ("namespaces", "get") => GetNamespaceAsync(http, request.Name!),
        ("events", "list") => ListEventsAsync(http, request),
        ("selfsubjectaccessreviews.authorization.k8s.io", "create") => ReviewAsync(http, identity),
        ("selfsubjectreviews.authentication.k8s.io", "create") when options.Version.HasSelfSubjectReview => TellIdentityAsync(http, identity),
        ("selfsubjectreviews.authentication.k8s.io", _) => throw ClusterApi.Refusal(identity, request),
        ("pods", _) => throw Statuses.MethodNotAllowed(),
        _ => throw Statuses.NoSuchPath(),
    };

    public async Task AnswerPathAsync(HttpContext http, Identity identity)
    {
        switch (http.Request.Path.Value)
        {
            case "/version" or "/version/":
                var version = options.Version;
                await http.AnswerAsync(200, new JsonObject
                {
                    ["major"] = version.Major.ToString(),
                    ["minor"] = version.Minor.ToString(),
                    ["gitVersion"] = version.ToString(),
                    ["platform"] = "linux/amd64",
                });
                break;
            case "/healthz" or "/livez" or "/readyz":
                await TextAsync(http, 200, "ok");
                break;
            case { } path when path.StartsWith("/api", StringComparison.Ordinal):
                await TextAsync(http, 404, "404 page not found\n");
                break;
            case var path:
                throw new StatusException(403, "Forbidden", $"forbidden: User \"{identity.User}\" cannot get path \"{path}\"", []);
        }
    }

    public static async Task TextAsync(HttpContext http, int code, string text)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
    }

    private Task GetNamespaceAsync(HttpContext http, string name) => !namespaces.Exists(name)
        ? throw Statuses.NotFound("namespaces", name)
        : http.AnswerAsync(200, new JsonObject
        {
            ["kind"] = "Namespace",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
            ["status"] = new JsonObject { ["phase"] = "Active" },
        });

    private Task ListEventsAsync(HttpContext http, ResourceRequest request)
    {
        var selector = FieldSelector.Parse(http.Request.Query["fieldSelector"].FirstOrDefault());
        return http.AnswerAsync(200, new JsonObject
        {
            ["kind"] = "EventList",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = pods.Version.ToString() },
            ["items"] = new JsonArray([.. events.In(request.Namespace, selector)]),
        });
    }

    private async Task ReviewAsync(HttpContext http, Identity identity)
    {
        var body = await ReadAsync(http);
        var attributes = body["spec"]?["resourceAttributes"]?.AsObject() ?? throw Statuses.BadRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
        string Field(string name) => (string?)attributes[name] ?? "";
        var resource = Field("resource") + (Field("group") == "" ? "" : "." + Field("group")) + (Field("subresource") == "" ? "" : "/" + Field("subresource"));
        var status = new JsonObject { ["allowed"] = accounts.MayUse(identity, Field("verb"), resource, Field("namespace") is { Length: > 0 } name ? name : null) };
        await http.AnswerAsync(201, new JsonObject
        {
            ["kind"] = "SelfSubjectAccessReview",
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes.DeepClone() },
            ["status"] = status,
        });
    }

    private static Task TellIdentityAsync(HttpContext http, Identity identity) => http.AnswerAsync(201, new JsonObject
    {
        ["kind"] = "SelfSubjectReview",
        ["apiVersion"] = "authentication.k8s.io/v1",
        ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
        ["status"] = new JsonObject
        {
            ["userInfo"] = new JsonObject
            {
                ["username"] = identity.User,
                ["groups"] = new JsonArray([.. identity.Groups.Select(group => JsonValue.Create(group))]),
            },
        },
    });

    private static async Task<JsonObject> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) as JsonObject ?? throw Statuses.BadRequest("the body is no object");
        }
        catch (JsonException error)
        {
            throw Statuses.BadRequest($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }
}
