using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ContainerGroups.Tests.Shared;

/// <summary>Asks the API and reads its answers as JSON.</summary>
internal sealed class ApiClient(HttpClient http) : IDisposable
{
    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<ApiAnswer> OptionsAsync(string path) => SendAsync(HttpMethod.Options, path);

    public Task<ApiAnswer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public Task<ApiAnswer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, json);

    public Task<ApiAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, json);

    /// <summary>Creates an object and gives its id.</summary>
    public async Task<long> CreateAsync(string path, string json)
    {
        var answer = await PostAsync(path, json);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        return (long)answer["id"]!;
    }

    public Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? json = null) =>
        SendAsync(method, path, json is null ? null : Encoding.UTF8.GetBytes(json), "application/json");

    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, byte[]? body, string contentType, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/v2/" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (header is { } extra)
        {
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
        return new ApiAnswer(response.StatusCode, headers, text);
    }

    public void Dispose() => http.Dispose();
}

/// <summary>An answer: status, headers and body.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    private JsonNode? _json;

    public JsonNode Json => _json ??= JsonNode.Parse(Text)!;

    /// <summary>The values of one member of all rows of a list.</summary>
    public IEnumerable<string> Column(string name) => Json["results"]!.AsArray().Select(row => row![name]!.ToString());

    public IEnumerable<string> Names => Column("name");

    public JsonNode? this[string member] => Json[member];

    /// <summary>The first message for a field.</summary>
    public string? Error(string field) => Json[field]?.AsArray()[0]!.GetValue<string>();
}
