using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.OData.Answers;

/// <summary><c>$batch</c> in JSON: several reads in one request, answered one after the other in their order.</summary>
internal sealed class BatchAnswer(IOptions<ODataOptions> options)
{
    private const int MostBytes = 1024 * 1024;

    public async Task WriteAsync(ServiceRequest request, Func<HttpContext, Task> answer)
    {
        var http = request.Http;
        if (!http.Request.HasJsonContentType())
        {
            throw new ODataFault(StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType", "A batch has to be JSON (application/json).");
        }

        using var body = await ReadAsync(http);
        var parts = Parts(body.RootElement);
        http.Response.ContentType = "application/json;charset=utf-8";
        using var payload = new PayloadWriter(http.Response, request.Format);
        payload.Json.WriteStartObject();
        payload.Json.WriteStartArray("responses");
        foreach (var part in parts)
        {
            await PartAsync(request, part, payload, answer);
            await payload.FlushIfFullAsync(http.RequestAborted);
        }

        payload.Json.WriteEndArray();
        payload.Json.WriteEndObject();
        await payload.FlushAsync(http.RequestAborted);
    }

    private static async Task<JsonDocument> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostBytes;
        }

        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException e)
        {
            throw ODataFault.BadRequest($"The batch is not JSON: {e.Message}");
        }
    }

    private List<BatchPart> Parts(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array)
        {
            throw ODataFault.BadRequest("A batch is an object with the array \"requests\".");
        }

        var most = options.Value.MaxBatchRequests;
        return requests.GetArrayLength() <= most
            ? [.. requests.EnumerateArray().Select(BatchPart.Of)]
            : throw ODataFault.OverLimit(nameof(ODataOptions.MaxBatchRequests), most, "The batch has too many requests.");
    }

    private static async Task PartAsync(ServiceRequest outer, BatchPart part, PayloadWriter payload, Func<HttpContext, Task> answer)
    {
        using var buffer = new MemoryStream();
        var inner = part.Context(outer, buffer);
        await answer(inner);
        await inner.Response.BodyWriter.FlushAsync(outer.Http.RequestAborted);
        var json = payload.Json;
        json.WriteStartObject();
        json.WriteString("id", part.Id);
        json.WriteNumber("status", inner.Response.StatusCode);
        json.WriteStartObject("headers");
        foreach (var header in inner.Response.Headers.Where(header => header.Key is "Content-Type" or "OData-Version" or "ETag" or "Preference-Applied"))
        {
            json.WriteString(header.Key.ToLowerInvariant(), header.Value.ToString());
        }

        json.WriteEndObject();
        if (buffer.Length > 0)
        {
            json.WritePropertyName("body");
            var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            if (inner.Response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true)
            {
                json.WriteRawValue(bytes, skipInputValidation: true);
            }
            else
            {
                json.WriteStringValue(bytes);
            }
        }

        json.WriteEndObject();
    }
}
