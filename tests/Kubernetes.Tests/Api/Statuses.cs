using System.Text.Json;

namespace ContainerGroups.Kubernetes.Tests.Api;

/// <summary>Status objects as an API server writes them.</summary>
internal static class Statuses
{
    public static string Failure(int code, string reason, string message, string kind = "pods", int? retryAfter = null, string? field = null) =>
        JsonSerializer.Serialize(new
        {
            kind = "Status",
            apiVersion = "v1",
            metadata = new { },
            status = "Failure",
            message,
            reason,
            details = new
            {
                kind,
                retryAfterSeconds = retryAfter,
                causes = field is null ? null : new[] { new { reason = "FieldValueInvalid", message = "it is wrong", field } },
            },
            code,
        });
}

/// <summary>Pods as JSON.</summary>
internal static class PodTexts
{
    public static string Pod(string name, string version = "1", string uid = "u") =>
        JsonSerializer.Serialize(new { kind = "Pod", apiVersion = "v1", metadata = new { name, uid, resourceVersion = version } });

    public static string List(string version, string? next, params string[] names) =>
        JsonSerializer.Serialize(new
        {
            kind = "PodList",
            metadata = new Dictionary<string, string?> { ["resourceVersion"] = version, ["continue"] = next },
            items = names.Select(name => new { metadata = new { name, resourceVersion = "1" } }),
        });
}
