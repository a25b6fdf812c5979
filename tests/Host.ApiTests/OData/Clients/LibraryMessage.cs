using Microsoft.OData;

namespace ContainerGroups.Host.ApiTests.OData.Clients;

/// <summary>An answer, or the body of one, as Microsoft's library of OData wants it.</summary>
internal sealed class LibraryMessage(int status, IEnumerable<(string Name, string Value)> headers, Stream body) : IODataResponseMessage, IODataRequestMessage
{
    private readonly Dictionary<string, string> _headers = headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<KeyValuePair<string, string>> Headers => _headers;

    public int StatusCode { get; set; } = status;

    public Uri Url { get; set; } = null!;

    public string Method { get; set; } = "POST";

    public static async Task<LibraryMessage> OfAsync(HttpResponseMessage answer)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers).Select(header => (header.Key, string.Join(',', header.Value)));
        return new LibraryMessage((int)answer.StatusCode, headers, await answer.Content.ReadAsStreamAsync());
    }

    public string GetHeader(string headerName) => _headers.GetValueOrDefault(headerName)!;

    public void SetHeader(string headerName, string headerValue) => _headers[headerName] = headerValue;

    public Stream GetStream() => body;
}
