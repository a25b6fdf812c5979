using System.Text;
using Microsoft.Net.Http.Headers;

namespace ContainerGroups.Host.OData.Answers;

/// <summary><c>POST …/$query</c>: a read whose options are in the body, because a URL can't be that long everywhere.</summary>
internal static class QueryInBody
{
    private const string Segment = "/$query";

    private const int MostBytes = 64 * 1024;

    public static bool Is(ServiceRequest request) => HttpMethods.IsPost(request.Http.Request.Method) && request.Path.EndsWith(Segment, StringComparison.Ordinal);

    /// <summary>The same read with all of its options where those of others are.</summary>
    public static async Task<ServiceRequest> ReadAsync(ServiceRequest request)
    {
        var http = request.Http;
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            throw new ODataFault(StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType", "The query options in the body have to be text/plain.");
        }

        using var body = new MemoryStream();
        var piece = new byte[8 * 1024];
        while (await http.Request.Body.ReadAsync(piece, http.RequestAborted) is > 0 and var read)
        {
            body.Write(piece, 0, read);
            if (body.Length > MostBytes)
            {
                throw new ODataFault(StatusCodes.Status413PayloadTooLarge, "LimitExceeded", $"The query options in the body are longer than {MostBytes} bytes.");
            }
        }

        var query = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length).Trim();
        return ServiceRequest.Of(http, request.Path[..^Segment.Length], string.Join('&', new[] { request.Query, query }.Where(part => part.Length > 0)));
    }
}
