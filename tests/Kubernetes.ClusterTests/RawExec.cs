using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>One exec by plain frames; its output is collected as it comes.</summary>
public abstract class RawExec : IAsyncDisposable
{
    private readonly Dictionary<int, MemoryStream> _channels = new() { [0] = new(), [1] = new(), [2] = new(), [3] = new() };
    private readonly Lock _lock = new();

    /// <summary>Ends when the server has ended the connection.</summary>
    public Task Ended { get; protected set; } = Task.CompletedTask;

    public byte[] Stdout => Of(1);

    public byte[] Stderr => Of(2);

    public string Text => System.Text.Encoding.UTF8.GetString(Stdout);

    public bool HasStatus => Of(3).Length > 0;

    /// <summary>What came on the error channel.</summary>
    public JsonObject Status => JsonNode.Parse(Of(3))!.AsObject();

    public static string Path(Cluster cluster, string pod, IEnumerable<string> command, bool stdin, string more = "") =>
        $"{cluster.Pods}/{pod}/exec?stdout=true&stderr=true{(stdin ? "&stdin=true" : "")}{more}"
        + string.Concat(command.Select(part => "&command=" + WebUtility.UrlEncode(part)));

    public abstract Task WriteAsync(ReadOnlyMemory<byte> stdin);

    public abstract Task CloseStdinAsync();

    public async Task<RawExec> EndAsync()
    {
        await Eventually.EndAsync(Ended, "the exec", TimeSpan.FromSeconds(15));
        return this;
    }

    public abstract ValueTask DisposeAsync();

    protected void Received(int channel, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            _channels[channel].Write(data);
        }
    }

    private byte[] Of(int channel)
    {
        lock (_lock)
        {
            return _channels[channel].ToArray();
        }
    }
}
