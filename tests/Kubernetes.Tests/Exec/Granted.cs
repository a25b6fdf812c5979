using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>Grants an upgrade, prints the protocol's name, and ends the process with code 3.</summary>
internal static class Granted
{
    public static async Task SpdyAsync(HttpContext http)
    {
        http.Response.Headers.Upgrade = "SPDY/3.1";
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers["X-Stream-Protocol-Version"] = http.Request.Headers["X-Stream-Protocol-Version"];
        await using var connection = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        var header = new byte[8];
        await connection.ReadExactlyAsync(header);
        Assert.That(header[..4], Is.EqualTo(new byte[] { 0x80, 3, 0, 1 }));
        await connection.WriteAsync((byte[])
        [
            .. PeerFrames.SpdyData(3, "SPDY", isLast: true), .. PeerFrames.SpdyData(5, "", isLast: true),
            .. PeerFrames.SpdyData(1, PeerFrames.ExitCode3, isLast: true),
        ]);
    }

    public static Func<HttpContext, Task> WebSocket(string version, string? accept = null) => async http =>
    {
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.SecWebSocketProtocol = version;
        http.Response.Headers.SecWebSocketAccept = accept ?? Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(http.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await using var connection = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var socket = System.Net.WebSockets.WebSocket.CreateFromStream(connection, new WebSocketCreationOptions { IsServer = true });
        await SendAsync(socket, 1, "");
        await SendAsync(socket, 1, version);
        await SendAsync(socket, 3, PeerFrames.ExitCode3);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    };

    private static Task SendAsync(WebSocket socket, byte channel, string text) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, true, CancellationToken.None);
}
