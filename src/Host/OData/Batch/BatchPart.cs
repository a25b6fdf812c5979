using ContainerGroups.Host.OData.Answers;
using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Host.OData.Batch;

/// <summary>One request of a batch, in whichever form the batch came.</summary>
internal sealed record BatchPart(string Method, string Url)
{
    private static readonly string[] HeadersOfReads = ["accept", "prefer", "if-none-match", "odata-version", "odata-maxversion", "content-type"];

    /// <summary>By what the client finds the answer again; null where it needs no more than the order.</summary>
    public string? Id { get; init; }

    /// <summary>Requests that succeed together or not at all; null for one alone.</summary>
    public string? Group { get; init; }

    /// <summary>The requests, or groups, without whose success this one is not to be tried.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it stands for changes that succeed together or not at all, whatever they are.</summary>
    public bool IsChangeSet { get; init; }

    /// <summary>A request as the server would have got it alone. It answers into the buffer: a page, no more.</summary>
    public HttpContext Context(ServiceRequest outer, Stream buffer)
    {
        var inner = new DefaultHttpContext { RequestServices = outer.Http.RequestServices, RequestAborted = outer.Http.RequestAborted };
        inner.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(buffer));
        inner.Request.Method = Method;
        inner.Request.Scheme = outer.Http.Request.Scheme;
        inner.Request.Host = outer.Http.Request.Host;
        inner.Request.Body = new MemoryStream(Body.ToArray());
        var parts = Target(outer).Split('?', 2);
        inner.Request.Path = Uri.UnescapeDataString(parts[0]);
        inner.Request.QueryString = new QueryString(parts.Length > 1 ? "?" + parts[1] : "");
        inner.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = string.Join('?', parts);
        // Who asks, and what for, was decided for the whole batch.
        foreach (var (name, value) in Headers.Where(header => HeadersOfReads.Contains(header.Name.ToLowerInvariant())))
        {
            inner.Request.Headers[name] = value;
        }

        return inner;
    }

    /// <summary>A batch inside a batch, or another server, is not to be found here.</summary>
    private string Target(ServiceRequest outer) =>
        Uri.TryCreate(outer.Root, Url, out var url) && outer.Root.IsBaseOf(url) && ServiceRequest.PathOf(url.AbsolutePath).TrimEnd('/') != "$batch"
            ? url.PathAndQuery
            : $"{ServiceRequest.Prefix}/-";
}
