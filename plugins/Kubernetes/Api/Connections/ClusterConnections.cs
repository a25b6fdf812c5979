using System.Net.Sockets;

namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>Which connections may be shared: those to one server, checked in one way. The token is put on each request and is no part of it.</summary>
internal sealed record ClusterAddress(Uri Server, string? Authorities, bool VerifyTls);

/// <summary>Opens and keeps the connections to one cluster: HTTP/2 where it is offered, HTTP/1.1 for upgrades, through the proxy that the
/// environment names.</summary>
internal static class ClusterConnections
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The longest silence on a connection in use before it is tried, then the longest time for an answer:
    /// a dead one is noticed after 20 to 25 s.</summary>
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    public static SocketsHttpHandler Open(ClusterAddress address) => new()
    {
        SslOptions = ClusterTls.Options(address.Authorities, address.VerifyTls),
        ConnectTimeout = ConnectTimeout,
        ConnectCallback = ConnectAsync,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = KeepAliveDelay,
        KeepAlivePingTimeout = KeepAliveTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // A cluster behind a name or a balancer moves; what is under way on an old connection is left in peace.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        // A redirect leads away from the API, and would take the token along.
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    /// <summary>As .NET connects by itself, and lets the system try a silent connection: HTTP/1.1 has no ping of its own. There is no TCP_USER_TIMEOUT,
    /// which would also end a connection whose other side is alive and only reads slowly.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)KeepAliveDelay.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
