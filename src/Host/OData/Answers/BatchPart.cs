using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>One request of a batch.</summary>
internal sealed record BatchPart(string Id, string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers)
{
    public static BatchPart Of(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw ODataFault.BadRequest("A request of a batch is an object with \"id\", \"method\" and \"url\".");
        }

        var headers = json.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().Where(header => header.Value.ValueKind == JsonValueKind.String && IsForReading(header.Name))
                .Select(header => (header.Name, header.Value.GetString()!)).ToList()
            : [];
        return new BatchPart(Text(json, "id"), Text(json, "method").ToUpperInvariant(), Text(json, "url"), headers);
    }

    /// <summary>A request as the server would have got it alone. It answers into the buffer: a page, no more.</summary>
    public HttpContext Context(ServiceRequest outer, MemoryStream buffer)
    {
        var target = Uri.TryCreate(outer.Root, Url, out var url) && outer.Root.IsBaseOf(url) ? url.PathAndQuery : null;
        var inner = new DefaultHttpContext { RequestServices = outer.Http.RequestServices, RequestAborted = outer.Http.RequestAborted };
        inner.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(buffer));
        inner.Request.Method = Method;
        inner.Request.Scheme = outer.Http.Request.Scheme;
        inner.Request.Host = outer.Http.Request.Host;
        // A batch inside a batch, or another server, is not to be found here.
        var parts = (target is null || Url.Contains("$batch", StringComparison.Ordinal) ? $"{ServiceRequest.Prefix}/-" : target).Split('?', 2);
        inner.Request.Path = Uri.UnescapeDataString(parts[0]);
        inner.Request.QueryString = new QueryString(parts.Length > 1 ? "?" + parts[1] : "");
        inner.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = string.Join('?', parts);
        foreach (var (name, value) in Headers)
        {
            inner.Request.Headers[name] = value;
        }

        return inner;
    }

    private static bool IsForReading(string header) => header.ToLowerInvariant() is "accept" or "prefer" or "if-none-match" or "odata-version" or "odata-maxversion";

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw ODataFault.BadRequest($"A request of a batch needs the text \"{name}\".");
}
