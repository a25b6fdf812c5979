using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>The listening side: TLS, HTTP/1.1 and HTTP/2 on one port that stays the same over restarts.</summary>
internal sealed class ApiServer(Certificates certificates, RequestDelegate answer, RequestCounts counts) : IAsyncDisposable
{
    private readonly HashSet<ConnectionContext> _connections = [];
    private WebApplication? _app;

    public int Port { get; private set; }

    /// <summary>Nothing where it runs already.</summary>
    public async Task StartAsync()
    {
        if (_app is not null)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A watch says nothing for minutes, and a stalled client is the client's affair.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 250;
            kestrel.Limits.MaxRequestBodySize = 3 * 1024 * 1024;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(next => connection => TrackAsync(connection, next));
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificates.Server;
                    https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                });
            });
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync();
        _app = app;
        Port = new Uri(app.Urls.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            using var atOnce = new CancellationTokenSource();
            var stopping = app.StopAsync(atOnce.Token);
            DropConnections();
            await atOnce.CancelAsync();
            await stopping;
            await app.DisposeAsync();
        }
    }

    public void DropConnections()
    {
        ConnectionContext[] connections;
        lock (_connections)
        {
            connections = [.. _connections];
        }

        foreach (var connection in connections)
        {
            connection.Abort(new ConnectionAbortedException("The simulated network was cut."));
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    private async Task TrackAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        counts.AddConnection();
        connection.Features.Set<ICutConnection>(new Cut(connection));
        lock (_connections)
        {
            _connections.Add(connection);
        }

        try
        {
            await next(connection);
        }
        finally
        {
            lock (_connections)
            {
                _connections.Remove(connection);
            }
        }
    }

    private sealed class Cut(ConnectionContext connection) : ICutConnection
    {
        public void Abort() => connection.Abort(new ConnectionAbortedException("The simulated network was cut."));
    }
}

/// <summary>The connection that a request came by, for HTTP/2 with all its other requests.</summary>
internal interface ICutConnection
{
    void Abort();
}
