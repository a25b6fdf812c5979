using System.Net.WebSockets;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Exec by WebSocket.</summary>
public sealed class WebSocketExec : RawExec
{
    private readonly HttpMessageInvoker _invoker;

    private WebSocketExec(Cluster cluster)
    {
        _invoker = new HttpMessageInvoker(cluster.Handler, disposeHandler: false);
        Socket.Options.SetRequestHeader("Authorization", "Bearer " + cluster.Token);
        Socket.Options.CollectHttpResponseDetails = true;
    }

    public ClientWebSocket Socket { get; } = new();

    public static async Task<WebSocketExec> OpenAsync(Cluster cluster, string pod, bool stdin, IReadOnlyList<string> protocols, params string[] command)
    {
        var exec = new WebSocketExec(cluster);
        foreach (var protocol in protocols)
        {
            exec.Socket.Options.AddSubProtocol(protocol);
        }

        var url = new UriBuilder(new Uri(cluster.Url, Path(cluster, pod, command, stdin))) { Scheme = "wss" }.Uri;
        try
        {
            await exec.Socket.ConnectAsync(url, exec._invoker, CancellationToken.None);
            exec.Ended = exec.ReceiveAsync();
        }
        catch (WebSocketException)
        {
            // The response's details tell why.
        }

        return exec;
    }

    public override Task WriteAsync(ReadOnlyMemory<byte> stdin) =>
        Socket.SendAsync((ReadOnlyMemory<byte>)(byte[])[0, .. stdin.Span], WebSocketMessageType.Binary, true, CancellationToken.None).AsTask();

    public override Task CloseStdinAsync() =>
        Socket.SendAsync((ReadOnlyMemory<byte>)(byte[])[255, 0], WebSocketMessageType.Binary, true, CancellationToken.None).AsTask();

    public override ValueTask DisposeAsync()
    {
        Socket.Dispose();
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[1 << 20];
        var length = 0;
        try
        {
            while (await Socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part)
            {
                length += part.Count;
                if (part.EndOfMessage && length > 0)
                {
                    Received(buffer[0], buffer.AsSpan(1, length - 1));
                    length = 0;
                }
            }
        }
        catch (Exception cut) when (cut is WebSocketException or ObjectDisposedException)
        {
            // What has been received until then tells whether that was the end.
        }
    }
}
