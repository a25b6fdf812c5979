using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Kubernetes.Tests.Api;

/// <summary>What a request was, as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string Target, string Protocol, string Authorization, string Body, string Connection);

/// <summary>Answers requests by a script, over TLS with HTTP/2 and HTTP/1.1.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _authority;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private readonly List<SocketsHttpHandler> _connections = [];

    private ScriptedServer(WebApplication app, X509Certificate2 authority) => (_app, _authority) = (app, authority);

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    public Uri Url => new($"https://localhost:{new Uri(_app.Urls.Single()).Port}/");

    public string Authority => _authority.ExportCertificatePem();

    public static async Task<ScriptedServer> StartAsync()
    {
        var authority = TestCertificates.MakeAuthority();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRouting();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificates.Make(authority))));
        var app = builder.Build();
        var server = new ScriptedServer(app, authority);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>A client of this server.</summary>
    public KubernetesApi Client(TimeProvider clock, CallLimits? limits = null, IAccessToken? token = null)
    {
        var connections = ClusterConnections.Open(new ClusterAddress(Url, Authority, VerifyTls: true));
        _connections.Add(connections);
        return new KubernetesApi(Url, connections, token ?? new FixedToken("token"), clock, limits);
    }

    public InputValues Credential(string token) => new(new Dictionary<string, object?>
    {
        ["host"] = Url.ToString(),
        ["bearer_token"] = token,
        ["ssl_ca_cert"] = Authority,
        ["verify_ssl"] = true,
    });

    /// <summary>Adds the answer to the next request that has none yet.</summary>
    public ScriptedServer Then(Func<HttpContext, Task> answer)
    {
        _script.Enqueue(answer);
        return this;
    }

    public ScriptedServer Then(int status, string json, params (string Name, string Value)[] headers) => Then(http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        return http.Response.WriteAsync(json);
    });

    /// <summary>The connection, or its stream, breaks before an answer.</summary>
    public ScriptedServer ThenBreak() => Then(http =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connections => connections.Dispose());
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var target = http.Request.Path + http.Request.QueryString.Value;
        _seen.Enqueue(new SeenRequest(http.Request.Method, target, http.Request.Protocol, http.Request.Headers.Authorization.ToString(), body, http.Connection.Id));
        if (_script.TryDequeue(out var answer))
        {
            await answer(http);
            return;
        }

        http.Response.StatusCode = 418;
        await http.Response.WriteAsync("nothing more is written in the script");
    }
}
