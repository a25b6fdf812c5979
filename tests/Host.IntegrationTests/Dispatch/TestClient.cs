using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>An administrator at the API of a host.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly HttpClient _http;

    public TestClient(DispatchHost host)
        : this(host.Url, new HttpClientHandler())
    {
    }

    /// <param name="url">The server's address.</param>
    /// <param name="handler">Decides whom to trust.</param>
    public TestClient(string url, HttpMessageHandler handler)
    {
        _http = new HttpClient(handler) { BaseAddress = new Uri($"{url.TrimEnd('/')}/api/v2/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:password"u8));
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

    public Task<byte[]> GetBytesAsync(string path) => _http.GetByteArrayAsync(path);

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        await using var stream = await _http.GetStreamAsync(path);
        return (await JsonDocument.ParseAsync(stream)).RootElement;
    }

    public async Task<HttpStatusCode> PostAsync(string path)
    {
        using var answer = await _http.PostAsync(path, Body(new { }));
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> DeleteAsync(string path)
    {
        using var answer = await _http.DeleteAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Makes something and gives its id.</summary>
    public async Task<long> PostForIdAsync(string path, object? body = null)
    {
        using var answer = await _http.PostAsync(path, Body(body ?? new { }));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetInt64();
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Body(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
