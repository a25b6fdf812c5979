using System.Net.WebSockets;
using ContainerGroups.Kubernetes.ClusterTests;
using k8s;

namespace ContainerGroups.Kubernetes.OfficialClientTests;

/// <summary>Exec as Kubernetes' own client for .NET speaks it: by WebSocket, one protocol at a time.</summary>
public sealed class ExecFacts(string kind) : ClusterFacts(kind)
{
    private readonly string _pod = "official-" + Guid.NewGuid().ToString("N")[..6];
    private IKubernetes _client = null!;

    [OneTimeSetUp]
    public void Connect() => _client = OfficialClient.Connect(Cluster);

    [OneTimeTearDown]
    public void Disconnect() => _client.Dispose();

    [SetUp]
    public async Task MakePodAsync()
    {
        await AllowAsync("create", "get");
        await RunsAsync(await CreateAsync(Pod(_pod)));
    }

    [Test]
    public async Task OutputErrorsAndExitCode_ComeApart()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var (output, errors) = ("", "");

        var code = await _client.NamespacedPodExecAsync(
            _pod, Cluster.Namespace, "worker", ["sh", "-c", "head -c 5; echo err >&2; exit 4"], tty: false,
            async (stdin, stdout, stderr) =>
            {
                await stdin.WriteAsync("hello"u8.ToArray(), deadline.Token);
                (output, errors) = (await ToTheEndAsync(stdout, deadline.Token), await ToTheEndAsync(stderr, deadline.Token));
            },
            deadline.Token);

        Assert.That((output, errors, code), Is.EqualTo(("hello", "err\n", 4)));
    }

    [Test]
    public async Task ClosedInput_IsSeenByTheProcess_WhereTheProtocolCan()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        if (IsOld)
        {
            var refusal = Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(WebSocketProtocol.V5BinaryWebsocketProtocol, deadline.Token))!;
            Assert.That(refusal.Message, Does.Contain("'403'"), "a server of that time knows no v5");
            return;
        }

        using var streams = new StreamDemuxer(
            await OpenAsync(WebSocketProtocol.V5BinaryWebsocketProtocol, deadline.Token), StreamType.RemoteCommand, ownsSocket: true, supportsClose: true);
        streams.Start();
        await streams.Write(ChannelIndex.StdIn, "hello"u8.ToArray(), 0, "hello"u8.Length, deadline.Token);
        await streams.CloseChannel(ChannelIndex.StdIn, deadline.Token);

        Assert.That((await ToTheEndAsync(streams.GetStream(ChannelIndex.StdOut, null), deadline.Token)).Trim(), Is.EqualTo("5"));
    }

    [Test]
    public async Task WithTheSeedsRole_ItIsForbidden()
    {
        await AllowAsync("create");

        var refusal = Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(WebSocketProtocol.V4BinaryWebsocketProtocol, CancellationToken.None))!;

        Assert.That(refusal.Message, Does.Contain("'403'"));
    }

    private Task<WebSocket> OpenAsync(string protocol, CancellationToken cancellationToken) => _client.WebSocketNamespacedPodExecAsync(
        _pod, Cluster.Namespace, ["wc", "-c"], "worker", tty: false, webSocketSubProtocol: protocol, cancellationToken: cancellationToken);

    private static Task<string> ToTheEndAsync(Stream stream, CancellationToken cancellationToken) => new StreamReader(stream).ReadToEndAsync(cancellationToken);

    private async Task AllowAsync(params string[] verbs)
    {
        await Cluster.Admin.SetExecVerbsAsync(verbs);
        await Eventually.BeAsync(
            async () => await _client.MayAsync(Cluster.Namespace, "get", "pods", "exec") == verbs.Contains("get"), "the role is in force");
    }
}
