using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>One reason of an invalid object, as <c>details.causes</c> has it.</summary>
internal sealed record Cause(string Reason, string Field, string Message);

/// <summary>A refusal, in the words of the real API server.</summary>
internal sealed class StatusException(int code, string reason, string message, JsonObject? details = null, TimeSpan? retryAfter = null) : Exception(message)
{
    public int Code { get; } = code;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}

/// <summary>The refusals that an API server knows.</summary>
internal static class Statuses
{
    public static StatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static StatusException Forbidden(string resource, string? name, string why, string group = "") => new(
        403, "Forbidden", $"{resource}{(group == "" ? "" : "." + group)}{(name is null ? "" : $" \"{name}\"")} is forbidden: {why}",
        Details(resource, name, group));

    public static StatusException NotFound(string resource, string name, string kind = "") => new(
        404, "NotFound", $"{resource} \"{name}\" not found", Details(kind == "" ? resource : kind, name));

    public static StatusException AlreadyExists(string resource, string name) => new(
        409, "AlreadyExists", $"{resource} \"{name}\" already exists", Details(resource, name));

    public static StatusException Conflict(string resource, string name, string why) => new(
        409, "Conflict", $"Operation cannot be fulfilled on {resource} \"{name}\": {why}", Details(resource, name));

    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static StatusException MethodNotAllowed() => new(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static StatusException Expired(string message) => new(410, "Expired", message);

    public static StatusException InternalError(string message) => new(
        500, "InternalError", "Internal error occurred: " + message, new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) });

    public static StatusException Invalid(string kind, string name, IReadOnlyList<Cause> causes)
    {
        var said = causes.Select(cause => $"{cause.Field}: {cause.Message}").ToList();
        var details = new JsonObject
        {
            ["name"] = name,
            ["kind"] = kind,
            ["causes"] = new JsonArray([.. causes.Select(cause => new JsonObject
            {
                ["reason"] = cause.Reason,
                ["message"] = cause.Message,
                ["field"] = cause.Field,
            })]),
        };
        return new(422, "Invalid", $"{kind} \"{name}\" is invalid: {(said.Count == 1 ? said[0] : $"[{string.Join(", ", said)}]")}", details);
    }

    private static JsonObject Details(string kind, string? name, string group = "")
    {
        var details = new JsonObject();
        if (name is not null)
        {
            details["name"] = name;
        }

        if (group != "")
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        return details;
    }
}
