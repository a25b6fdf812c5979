using System.Globalization;
using ContainerGroups.Host.OData.Answers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ContainerGroups.Host.OData.Batch;

/// <summary><c>$batch</c>: several reads in one request, answered one after the other in their order.</summary>
internal sealed class BatchAnswer(IOptions<ODataOptions> options)
{
    private const int MostBytes = 1024 * 1024;

    public async Task WriteAsync(ServiceRequest request, Func<HttpContext, Task> answer)
    {
        var http = request.Http;
        var boundary = Boundary(http.Request);
        var parts = await ReadAsync(http, boundary);
        // The form of the request, unless the client takes only the other.
        var isMultipart = boundary is not null ? !TakesOnly(http.Request, "application/json") : request.Format.Kind == AnswerKind.Multipart;
        using IBatchWriter writer = isMultipart ? new MultipartBatchWriter(http.Response) : new JsonBatchWriter(http.Response);
        // Parts written out as HTTP end with the first that fails, unless the client asks for the rest.
        var continues = request.Format.ContinuesOnError ?? boundary is null;
        http.Response.ContentType = writer.ContentType;
        if (request.Format.ContinuesOnError is { } asked)
        {
            http.Response.Headers["Preference-Applied"] = $"odata.continue-on-error={(asked ? "true" : "false")}";
        }

        writer.Start();
        await AnswerAsync(request, parts, writer, answer, continues);
        writer.End();
        await writer.FlushAsync(http.RequestAborted);
    }

    private static async Task AnswerAsync(ServiceRequest request, List<BatchPart> parts, IBatchWriter writer, Func<HttpContext, Task> answer, bool continues)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var written in parts)
        {
            // What it refers to may itself refer to one before it: who refers to this one wants where that leads.
            var part = written with { Url = Referred(written, urls) };
            using var buffer = new MemoryStream();
            var inner = part.Context(request, buffer);
            await (part switch
            {
                _ when part.DependsOn.Any(failed.Contains) => ErrorAnswer.WriteAsync(inner, NotTried(part)),
                { IsChangeSet: true } => ErrorAnswer.WriteAsync(inner, NoChanges()),
                _ => answer(inner),
            });
            await inner.Response.BodyWriter.FlushAsync(request.Http.RequestAborted);
            writer.Write(part, inner.Response, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            await writer.FlushAsync(request.Http.RequestAborted);
            if (part.Id is { } id)
            {
                urls[id] = part.Url;
            }

            if (inner.Response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                failed.UnionWith(new[] { part.Id, part.Group }.OfType<string>());
                if (!continues)
                {
                    break;
                }
            }
        }
    }

    /// <summary>The URL, where it begins with <c>$</c> and the id of a request that it depends on: below what that one has asked for.</summary>
    private static string Referred(BatchPart part, Dictionary<string, string> urls)
    {
        var end = part.Url.IndexOfAny(['/', '?']);
        var first = end < 0 ? part.Url : part.Url[..end];
        return first.StartsWith('$') && part.DependsOn.Contains(first[1..]) && urls.TryGetValue(first[1..], out var url)
            ? url.Split('?')[0] + (end < 0 ? "" : part.Url[end..])
            : part.Url;
    }

    private async Task<List<BatchPart>> ReadAsync(HttpContext http, string? boundary)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostBytes;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        var most = options.Value.MaxBatchRequests;
        var parts = boundary is null
            ? JsonBatch.Read(body.GetBuffer().AsMemory(0, (int)body.Length))
            : await MultipartBatch.ReadAsync(body, boundary, most, http.RequestAborted);
        if (parts.Exists(part => part.Id?.Any(char.IsControl) == true))
        {
            throw ODataFault.BadRequest("The id of a request of the batch is no single line of text.");
        }

        return parts.Count <= most
            ? parts
            : throw ODataFault.OverLimit(nameof(ODataOptions.MaxBatchRequests), most, "The batch has too many requests.");
    }

    /// <summary>What stands between the parts of a multipart batch; null for one in JSON.</summary>
    private static string? Boundary(HttpRequest request)
    {
        if (request.HasJsonContentType())
        {
            return null;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase))
        {
            throw new ODataFault(
                StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType", "A batch has to be JSON (application/json) or multipart/mixed.");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= 70
            ? boundary
            : throw ODataFault.BadRequest("The Content-Type of the batch needs a boundary of at most 70 characters.", "Content-Type");
    }

    private static bool TakesOnly(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var types)
        && types.Count > 0
        && types.All(type => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase));

    private static ODataFault NoChanges() => new(
        StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "This service is for reading: it makes no changes, alone or as a set.");

    private static ODataFault NotTried(BatchPart part) => new(
        StatusCodes.Status424FailedDependency,
        "FailedDependency",
        string.Create(CultureInfo.InvariantCulture, $"This was not tried: {string.Join(", ", part.DependsOn)}, on which it depends, did not succeed."));
}
