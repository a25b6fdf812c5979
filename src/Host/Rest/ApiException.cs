using System.Text.Json;

namespace ContainerGroups.Host.Rest;

/// <summary>Ends a request with an answer other than success. Thrown anywhere below an endpoint, written by <see cref="ApiPipeline"/>.</summary>
internal sealed class ApiException(int status, Action<Utf8JsonWriter> writeBody, string message) : Exception(message)
{
    public int Status => status;

    public Action<Utf8JsonWriter> WriteBody => writeBody;

    /// <summary><c>{"detail": …}</c>.</summary>
    public static ApiException Detail(int status, string detail) => Text(status, "detail", detail);

    /// <summary>A 400 with <c>{"detail": …}</c>.</summary>
    public static ApiException BadRequest(string detail) => Detail(StatusCodes.Status400BadRequest, detail);

    /// <summary>A 400 with <c>{"msg": …}</c>, the form of association endpoints.</summary>
    public static ApiException BadMessage(string text) => Text(StatusCodes.Status400BadRequest, "msg", text);

    /// <summary>A 400 with <c>{"error": …}</c>, where AWX has that form.</summary>
    public static ApiException BadError(string text) => Text(StatusCodes.Status400BadRequest, "error", text);

    public static ApiException Forbidden(string detail = "You do not have permission to perform this action.") =>
        Detail(StatusCodes.Status403Forbidden, detail);

    public static ApiException NotFound(string detail = "Not found.") => Detail(StatusCodes.Status404NotFound, detail);

    public static ApiException NoMatch(string modelName) => NotFound($"No {modelName} matches the given query.");

    public static ApiException MethodNotAllowed(string method) =>
        Detail(StatusCodes.Status405MethodNotAllowed, $"Method \"{method}\" not allowed.");

    /// <summary>A 400 that names every wrong field.</summary>
    public static ApiException Invalid(FieldErrors errors) =>
        new(StatusCodes.Status400BadRequest, errors.Write, $"Invalid: {string.Join(", ", errors.Fields)}.");

    /// <summary>A 400 that names one wrong field.</summary>
    public static ApiException Invalid(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return Invalid(errors);
    }

    /// <summary>A 409: unfinished jobs use the object.</summary>
    public static ApiException InUse(IReadOnlyCollection<(long Id, string Type)> activeJobs)
    {
        const string text = "Resource is being used by running jobs.";
        return new ApiException(
            StatusCodes.Status409Conflict,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("error", text);
                writer.WriteStartArray("active_jobs");
                foreach (var (id, type) in activeJobs)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("id", id);
                    writer.WriteString("type", type);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            },
            text);
    }

    private static ApiException Text(int status, string key, string text) => new(
        status,
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(key, text);
            writer.WriteEndObject();
        },
        text);
}
