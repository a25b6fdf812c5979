using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ContainerGroups.Host.OData.Batch;

/// <summary>Reads a batch whose parts are HTTP requests, written out (<c>multipart/mixed</c>, the form of OData 4.0).</summary>
internal static class MultipartBatch
{
    public static async Task<List<BatchPart>> ReadAsync(Stream body, string boundary, int most, CancellationToken cancellationToken)
    {
        var parts = new List<BatchPart>();
        try
        {
            var reader = new MultipartReader(boundary, body);
            // One more than there may be is enough to tell.
            while (parts.Count <= most && await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                parts.Add(await PartAsync(section, cancellationToken));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            throw ODataFault.BadRequest($"The batch is not multipart/mixed as its header says: {e.Message}");
        }

        return parts;
    }

    private static async Task<BatchPart> PartAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var type = MediaTypeHeaderValue.TryParse(section.ContentType, out var found) ? found.MediaType.ToString() : "";
        if (type.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase))
        {
            // Nothing in it could be done, so nothing in it is looked at.
            await section.Body.DrainAsync(cancellationToken);
            return new BatchPart("POST", "") { IsChangeSet = true };
        }

        if (!type.Equals("application/http", StringComparison.OrdinalIgnoreCase))
        {
            throw ODataFault.BadRequest($"A part of a batch is a request (Content-Type: application/http), not \"{section.ContentType}\".");
        }

        using var text = new MemoryStream();
        await section.Body.CopyToAsync(text, cancellationToken);
        var id = section.Headers is { } headers && headers.TryGetValue("Content-ID", out var value) ? value.ToString() : null;
        return HttpText.Read(text.ToArray()) with { Id = id };
    }
}
