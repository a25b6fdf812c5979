using System.Net;

namespace ContainerGroups.Tests.Shared;

/// <summary>A client that keeps cookies, as browsers and awxkit's sessions do, and follows no redirect.</summary>
internal sealed class TestBrowser : IDisposable
{
    private readonly HttpClient _http;

    public TestBrowser(Uri address)
    {
        var handler = new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        _http = new HttpClient(handler) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; } = new();

    public string? Csrf => Cookie("csrftoken");

    public string? Cookie(string name) => Cookies.GetCookies(_http.BaseAddress!)[name]?.Value;

    public void SetCookie(string name, string value) => Cookies.Add(_http.BaseAddress!, new Cookie(name, value, "/"));

    /// <summary>Logs in as awxkit does: the token from the root, then the form with the token and the address in headers.</summary>
    public async Task<ApiAnswer> LoginAsync(string username, string password, string next = "/api/")
    {
        await SendAsync(HttpMethod.Get, "/api/");
        return await PostFormAsync("/api/login/", [("username", username), ("password", password), ("next", next)], CsrfHeaders());
    }

    public (string, string)[] CsrfHeaders() => [("X-CSRFToken", Csrf ?? ""), ("Referer", _http.BaseAddress!.AbsoluteUri)];

    public Task<ApiAnswer> PostFormAsync(string path, (string, string)[] fields, params (string Name, string Value)[] headers) => SendAsync(
        HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))), headers);

    public Task<ApiAnswer> PostJsonAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, null, "application/json"), headers);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/v2/" + path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new ApiAnswer(
            response.StatusCode,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join("\n", header.Value)),
            text);
    }

    public void Dispose() => _http.Dispose();
}
