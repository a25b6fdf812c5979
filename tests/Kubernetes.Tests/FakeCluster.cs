using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Kubernetes.Tests;

/// <summary>What a credential's test asks of a cluster, over TLS with a CA of its own.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    public const string Token = "right-token";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _authority;
    private string _token = Token;

    private FakeCluster(WebApplication app, X509Certificate2 authority)
    {
        _app = app;
        _authority = authority;
    }

    /// <summary>What the token may not do: <c>create pods/exec</c>.</summary>
    public HashSet<string> Forbidden { get; } = [];

    /// <summary>The namespaces that it was asked about.</summary>
    public ConcurrentBag<string> Namespaces { get; } = [];

    /// <summary>The status of every answer; null for the usual ones.</summary>
    public int? Status { get; set; }

    /// <summary>Whom it says that the caller is; null for a version that can't say.</summary>
    public string? User { get; set; }

    /// <summary>Answers as something else than a cluster would.</summary>
    public bool IsSomethingElse { get; set; }

    public string Url => _app.Urls.Single().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public string Authority => _authority.ExportCertificatePem();

    /// <summary>Makes a token that names its service account, as a cluster's own do, the right one.</summary>
    public string ServiceAccountToken(string @namespace, string name, DateTimeOffset? expires = null)
    {
        var subject = $"system:serviceaccount:{@namespace}:{name}";
        var claims = expires is { } end
            ? JsonSerializer.SerializeToUtf8Bytes(new { sub = subject, exp = end.ToUnixTimeSeconds() })
            : JsonSerializer.SerializeToUtf8Bytes(new { sub = subject });
        return _token = $"e30.{System.Buffers.Text.Base64Url.EncodeToString(claims)}.c2ln";
    }

    public static async Task<FakeCluster> StartAsync()
    {
        var authority = TestCertificates.MakeAuthority();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRouting();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificates.Make(authority))));
        var app = builder.Build();
        var cluster = new FakeCluster(app, authority);
        app.Run(cluster.AnswerAsync);
        await app.StartAsync();
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (IsSomethingElse)
        {
            await http.Response.WriteAsync("<html>");
            return;
        }

        if (http.Request.Headers.Authorization != "Bearer " + _token || Status is not null)
        {
            http.Response.StatusCode = Status ?? 401;
            return;
        }

        if (http.Request.Path == "/version")
        {
            await http.Response.WriteAsJsonAsync(new { gitVersion = "v1.33.1" });
            return;
        }

        if (http.Request.Path.Value!.EndsWith("/selfsubjectreviews", StringComparison.Ordinal))
        {
            http.Response.StatusCode = User is null ? 404 : 201;
            await http.Response.WriteAsJsonAsync(new { status = new { userInfo = new { username = User } } });
            return;
        }

        using var review = await JsonDocument.ParseAsync(http.Request.Body);
        var attributes = review.RootElement.GetProperty("spec").GetProperty("resourceAttributes");
        var sub = attributes.GetProperty("subresource").GetString();
        Namespaces.Add(attributes.GetProperty("namespace").GetString()!);
        var action = $"{attributes.GetProperty("verb")} {attributes.GetProperty("resource")}{(sub == "" ? "" : "/" + sub)}";
        http.Response.StatusCode = 201;
        await http.Response.WriteAsJsonAsync(new { status = new { allowed = !Forbidden.Contains(action) } });
    }
}
