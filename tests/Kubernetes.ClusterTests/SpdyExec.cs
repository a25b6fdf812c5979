using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Exec by SPDY/3.1 over POST.</summary>
public sealed class SpdyExec : RawExec
{
    private const string Version = "v4.channel.k8s.io";

    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly Dictionary<int, int> _channelOf = [];
    private readonly int _stdin;

    private SpdyExec(HttpResponseMessage response, Stream stream, bool stdin)
    {
        _response = response;
        _stream = stream;
        var streams = new List<(int Channel, string Type)> { (3, "error"), (1, "stdout"), (2, "stderr") };
        if (stdin)
        {
            streams.Insert(1, (0, "stdin"));
        }

        using var blocks = new MemoryStream();
        using var deflate = new ZLibStream(blocks, CompressionLevel.Optimal);
        for (var i = 0; i < streams.Count; i++)
        {
            var id = (2 * i) + 1;
            _channelOf[id] = streams[i].Channel;
            _stdin = streams[i].Channel == 0 ? id : _stdin;
            blocks.SetLength(0);
            deflate.Write([.. Number(1), .. Sized("streamtype"), .. Sized(streams[i].Type)]);
            deflate.Flush();
            _stream.Write([0x80, 3, 0, 1, .. Number(blocks.Length + 10), .. Number(id), .. Number(0), 0, 0, .. blocks.ToArray()]);
        }

        _stream.Flush();
        Ended = ReceiveAsync();
    }

    public static HttpRequestMessage Request(Cluster cluster, string path, string? version = Version, string? token = null)
    {
        var request = cluster.Request(HttpMethod.Post, path, token);
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new("SPDY", "3.1"));
        if (version is not null)
        {
            request.Headers.Add("X-Stream-Protocol-Version", version);
        }

        return request;
    }

    public static async Task<SpdyExec> OpenAsync(Cluster cluster, string pod, bool stdin, params string[] command)
    {
        using var request = Request(cluster, Path(cluster, pod, command, stdin));
        var response = await cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.SwitchingProtocols));
        Assert.That(response.Headers.GetValues("X-Stream-Protocol-Version"), Is.EqualTo(new[] { Version }));
        return new(response, await response.Content.ReadAsStreamAsync(), stdin);
    }

    public override async Task WriteAsync(ReadOnlyMemory<byte> stdin)
    {
        await _stream.WriteAsync((ReadOnlyMemory<byte>)(byte[])[.. Number(_stdin), .. Number(stdin.Length)]);
        await _stream.WriteAsync(stdin);
        await _stream.FlushAsync();
    }

    public override async Task CloseStdinAsync()
    {
        await _stream.WriteAsync((ReadOnlyMemory<byte>)(byte[])[.. Number(_stdin), 1, 0, 0, 0]);
        await _stream.FlushAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _stream.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Number(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)value);
        return bytes;
    }

    private static byte[] Sized(string text) => [.. Number(text.Length), .. System.Text.Encoding.ASCII.GetBytes(text)];

    private async Task ReceiveAsync()
    {
        var head = new byte[8];
        try
        {
            while (await _stream.ReadAtLeastAsync(head, 8, throwOnEndOfStream: false) == 8)
            {
                var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) & 0xFFFFFF];
                await _stream.ReadExactlyAsync(body);
                if ((head[0] & 0x80) == 0)
                {
                    Received(_channelOf[BinaryPrimitives.ReadInt32BigEndian(head)], body);
                }
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException)
        {
            // What has been received until then tells whether that was the end.
        }
    }
}
