using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>A cluster as a service account with the seed's role sees it, by plain requests.</summary>
public sealed class Cluster : IDisposable
{
    public Cluster(Uri url, string authorityPem, string token, string @namespace, string image, ICluster admin)
    {
        Url = url;
        AuthorityPem = authorityPem;
        Token = token;
        Namespace = @namespace;
        Image = image;
        Admin = admin;
        Handler = new SocketsHttpHandler { SslOptions = Trust(authorityPem), UseCookies = false };
        Http = new HttpClient(Handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Url { get; }

    public string AuthorityPem { get; }

    public ICluster Admin { get; }

    public string Token { get; }

    public string Namespace { get; }

    /// <summary>An image with a shell that can be had there.</summary>
    public string Image { get; }

    public SocketsHttpHandler Handler { get; }

    public HttpClient Http { get; }

    public string Pods => $"/api/v1/namespaces/{Namespace}/pods";

    public static SslClientAuthenticationOptions Trust(string authorityPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorityPem);
        return new() { CertificateChainPolicy = policy };
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? token = null, string type = "application/json")
    {
        using var request = Request(method, path, token);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue(type));
        using var response = await Http.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public HttpRequestMessage Request(HttpMethod method, string path, string? token = null)
    {
        var request = new HttpRequestMessage(method, new Uri(Url, path));
        if (token != "")
        {
            request.Headers.Authorization = new("Bearer", token ?? Token);
        }

        return request;
    }

    public void Dispose()
    {
        Http.Dispose();
        Handler.Dispose();
    }

    public ValueTask CloseAsync()
    {
        Dispose();
        return Admin.DisposeAsync();
    }
}

/// <summary>A whole answer.</summary>
public sealed record Answer(HttpStatusCode Code, string Text, HttpResponseHeaders Headers)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string Message => (string?)Json["message"] ?? "";

    public override string ToString() => new StringBuilder().Append((int)Code).Append(' ').Append(Text).ToString();
}
