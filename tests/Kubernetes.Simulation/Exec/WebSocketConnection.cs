using System.Net.WebSockets;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

/// <summary>Exec by WebSocket: the first byte of each message is its channel; version 5 can close one.</summary>
internal sealed class WebSocketConnection(WebSocket socket, bool canCloseStdin) : ExecConnection
{
    private const byte CloseChannel = 255;

    /// <summary>An empty message tells the client that the streams are there.</summary>
    public Task SayHelloAsync(ExecChannel channel) => SendAsync(channel, ReadOnlyMemory<byte>.Empty);

    public override ValueTask DisposeAsync()
    {
        socket.Dispose();
        return base.DisposeAsync();
    }

    protected override async Task ReceiveFramesAsync(CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        var channel = -1;
        while (await socket.ReceiveAsync(buffer.AsMemory(), ct) is { MessageType: not WebSocketMessageType.Close } part)
        {
            var data = buffer.AsMemory(0, part.Count);
            if (channel < 0 && part.Count > 0)
            {
                channel = data.Span[0];
                data = data[1..];
            }

            if (channel == (int)ExecChannel.Stdin)
            {
                await StdinAsync(data);
            }
            else if (channel == CloseChannel && canCloseStdin && data.Length > 0 && data.Span[0] == (byte)ExecChannel.Stdin)
            {
                await CloseStdinAsync();
            }

            channel = part.EndOfMessage ? -1 : channel;
        }
    }

    protected override async Task SendFrameAsync(ExecChannel channel, ReadOnlyMemory<byte> data)
    {
        var message = new byte[data.Length + 1];
        message[0] = (byte)channel;
        data.CopyTo(message.AsMemory(1));
        await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, true, CancellationToken.None);
    }

    // Its messages have no end of a channel.
    protected override Task SendOutputEndsAsync() => Task.CompletedTask;

    protected override Task SendEndAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
}
