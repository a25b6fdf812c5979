using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Kubernetes.Exec.Connections;

namespace ContainerGroups.Kubernetes.Exec.WebSockets;

/// <summary>A WebSocket by GET, which takes the permission <c>get pods/exec</c>, and <c>create</c> as well from Kubernetes 1.35 on.</summary>
internal sealed class WebSocketProtocol : ExecProtocol
{
    private const string Version4 = "v4.channel.k8s.io";
    private const string Version5 = "v5.channel.k8s.io";
    private const string KeyHeader = "Sec-WebSocket-Key";

    /// <summary>By RFC 6455, section 4.2.2.</summary>
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public override string Name => "WebSocket";

    public override bool StartsWithAnswer => true;

    public override HttpRequestMessage Request(Uri address)
    {
        var request = Upgrade(HttpMethod.Get, address, "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add(KeyHeader, Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        request.Headers.Add("Sec-WebSocket-Protocol", $"{Version5}, {Version4}");
        return request;
    }

    public override string? Objection(HttpRequestMessage request, HttpResponseMessage answer)
    {
        if (Header(answer, "Sec-WebSocket-Accept") != AcceptOf(request.Headers.GetValues(KeyHeader).Single()))
        {
            return "its answer to the WebSocket handshake is not that of a WebSocket server";
        }

        return VersionOf(answer) is Version4 or Version5 ? null : $"it speaks {VersionOf(answer) ?? "no known version"} where {Version5} or {Version4} was asked for";
    }

    public override Task<ExecSession> BeginAsync(
        HttpResponseMessage answer, Stream connection, bool stdin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var upgraded = new UpgradedConnection(connection, WebSocketSession.Ping, clock);
        return Task.FromResult<ExecSession>(new WebSocketSession(upgraded, stdin, VersionOf(answer) == Version5, clock));
    }

    private static string? VersionOf(HttpResponseMessage answer) => Header(answer, "Sec-WebSocket-Protocol");

    private static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
}
