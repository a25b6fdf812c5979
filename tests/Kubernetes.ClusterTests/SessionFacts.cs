using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.Exec.Spdy;
using ContainerGroups.Kubernetes.Exec.WebSockets;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>The plugin's own exec sessions, by each protocol.</summary>
public sealed class SessionFacts(string kind) : ClusterFacts(kind)
{
    private const string Spdy = "SPDY";
    private const string WebSocket = "WebSocket";

    private readonly string _pod = "session-" + Guid.NewGuid().ToString("N")[..6];

    private KubernetesApi Api => new(new Uri(Cluster.Url, "/"), Cluster.Handler, new FixedToken(Cluster.Token), TimeProvider.System);

    [SetUp]
    public async Task MakePodAsync()
    {
        await AllowAsync("create", "get");
        await RunsAsync(await CreateAsync(Pod(_pod)));
    }

    [Test]
    public async Task OutputErrorsAndExitCode_ComeApart([Values(Spdy, WebSocket)] string protocol)
    {
        var (output, error, code) = await RunAsync(protocol, "echo out; echo err >&2; exit 3");

        Assert.That((output, error, code), Is.EqualTo(("out\n", "err\n", (int?)3)));
    }

    [Test]
    public async Task KilledProcess_EndsWithTheCodeOfItsSignal([Values(Spdy, WebSocket)] string protocol)
    {
        Assert.That((await RunAsync(protocol, "kill -9 $$")).Code, Is.EqualTo(137));
    }

    [Test]
    public async Task MissingProgram_IsToldInTheRuntimesWords([Values(Spdy, WebSocket)] string protocol)
    {
        await using var session = await OpenAsync(protocol, stdin: false, "/no/such/program");

        var failure = Assert.ThrowsAsync<ApiException>(async () => await session.ReadAsync(CancellationToken.None))!;
        Assert.That(failure.Message, Does.Contain("exec: \"/no/such/program\": stat /no/such/program: no such file or directory"));
    }

    [Test]
    public async Task MuchOutput_ArrivesByteForByte([Values(Spdy, WebSocket)] string protocol)
    {
        const int length = 30_000_000;
        await using var session = await OpenAsync(protocol, stdin: false, "sh", "-c", $"yes 0123456789abcde | head -c {length}");

        var (hash, count) = await HashAsync(session);

        var expected = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcde\n", length / 16)));
        Assert.That((count, hash, session.ExitCode), Is.EqualTo((length, Convert.ToHexStringLower(SHA256.HashData(expected)), (int?)0)));
    }

    [Test]
    public async Task MuchInput_ArrivesByteForByte([Values(Spdy, WebSocket)] string protocol)
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000_000);
        await using var session = await OpenAsync(protocol, stdin: true, "sh", "-c", $"head -c {bytes.Length} | sha256sum");

        await session.WriteAsync(bytes, CancellationToken.None);

        Assert.That((await ReadAsync(session)).Output, Is.EqualTo($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  -\n"));
    }

    [Test]
    public async Task InputAndOutputAtTheSameTime_HoldEachOtherBackAndLoseNothing([Values(Spdy, WebSocket)] string protocol)
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000_000);
        await using var session = await OpenAsync(protocol, stdin: true, "sh", "-c", $"head -c {bytes.Length} | cat");

        var writing = session.WriteAsync(bytes, CancellationToken.None).AsTask();
        var (hash, count) = await HashAsync(session);
        await Eventually.EndAsync(writing, "writing");

        Assert.That((count, hash), Is.EqualTo((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)))));
    }

    [Test]
    public async Task ClosedInput_IsSeenByTheProcessWhereTheProtocolCan([Values(Spdy, WebSocket)] string protocol)
    {
        await using var session = await OpenAsync(protocol, stdin: true, "sh", "-c", "cat; echo .");
        await session.WriteAsync("hello, world"u8.ToArray(), CancellationToken.None);
        await session.CloseStdinAsync(CancellationToken.None);

        if (session.CanCloseStdin)
        {
            Assert.That((await ReadAsync(session)).Output, Is.EqualTo("hello, world.\n"));
        }
        else
        {
            Assert.That(Encoding.UTF8.GetString((await session.ReadAsync(CancellationToken.None))!.Value.Data.Span), Is.EqualTo("hello, world"));
        }
    }

    [Test]
    public async Task ClientThatGoes_EndsTheInputOfAProcessThatLivesOn([Values(Spdy, WebSocket)] string protocol)
    {
        await using (var session = await OpenAsync(protocol, stdin: true, "sh", "-c", "echo here; cat >/dev/null; echo gone >\"$1\"", "sh", "/runner/gone"))
        {
            await session.ReadAsync(CancellationToken.None);
        }

        await Eventually.BeAsync(async () => (await RunAsync(protocol, "cat \"$1\"", "sh", "/runner/gone")).Output == "gone\n", "the process saw its input's end");
    }

    [Test]
    public async Task ConnectionThatIsCut_IsNoEnd([Values(Spdy, WebSocket)] string protocol)
    {
        Socket? socket = null;
        using var connections = new SocketsHttpHandler
        {
            SslOptions = Cluster.Handler.SslOptions,
            ConnectCallback = async (context, cancel) =>
            {
                socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var api = new KubernetesApi(new Uri(Cluster.Url, "/"), connections, new FixedToken(Cluster.Token), TimeProvider.System);
        await using var session = await OpenAsync(api, protocol, stdin: false, "sh", "-c", "echo one; sleep 100");
        await session.ReadAsync(CancellationToken.None);

        socket!.Shutdown(SocketShutdown.Both);

        Assert.ThrowsAsync<IOException>(() => session.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.Deadline));
    }

    [Test]
    public async Task SeedsRole_LeadsToSpdy_AndTheVerbGetToAWebSocket()
    {
        await AllowAsync("create");
        await using var spdy = await OpenByTransportAsync();
        await AllowAsync("create", "get");
        await using var webSocket = await OpenByTransportAsync();
        await AllowAsync("delete");

        Assert.That((spdy.GetType(), webSocket.GetType()), Is.EqualTo((typeof(SpdySession), typeof(WebSocketSession))));
        var failure = Assert.ThrowsAsync<ApiException>(OpenByTransportAsync)!;
        Assert.That(failure.Message, Does.Contain("cannot get resource \"pods/exec\"").And.Contain("cannot create resource \"pods/exec\""));
    }

    private Task<ExecSession> OpenByTransportAsync() =>
        new ExecTransport(TimeProvider.System).OpenAsync(Api, Cluster.Namespace, _pod, "worker", ["true"], stdin: false, CancellationToken.None);

    private Task<ExecSession> OpenAsync(string protocol, bool stdin, params string[] command) => OpenAsync(Api, protocol, stdin, command);

    private async Task<ExecSession> OpenAsync(KubernetesApi api, string protocol, bool stdin, params string[] command)
    {
        var call = new ExecCall { Namespace = Cluster.Namespace, Pod = _pod, Container = "worker", Command = command, Stdin = stdin };
        ExecProtocol asked = protocol == Spdy ? new SpdyProtocol() : new WebSocketProtocol();
        var (session, refusal) = await new ExecOpening(api, call, TimeProvider.System).TryAsync(asked, CancellationToken.None);
        return session ?? throw refusal!.Failure;
    }

    private async Task<(string Output, string Error, int? Code)> RunAsync(string protocol, string script, params string[] arguments)
    {
        await using var session = await OpenAsync(protocol, stdin: false, ["sh", "-c", script, .. arguments]);
        return await ReadAsync(session);
    }

    private static async Task<(string Output, string Error, int? Code)> ReadAsync(ExecSession session)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        while (await session.ReadAsync(CancellationToken.None) is { } frame)
        {
            (frame.Channel == ExecChannel.Stdout ? output : error).Append(Encoding.UTF8.GetString(frame.Data.Span));
        }

        return (output.ToString(), error.ToString(), session.ExitCode);
    }

    private static async Task<(string Hash, int Count)> HashAsync(ExecSession session)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        while (await session.ReadAsync(CancellationToken.None) is { } frame)
        {
            if (frame.Channel == ExecChannel.Stdout)
            {
                hash.AppendData(frame.Data.Span);
                count += frame.Data.Length;
            }
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), count);
    }

    private async Task AllowAsync(params string[] verbs)
    {
        await Cluster.Admin.SetExecVerbsAsync(verbs);
        foreach (var verb in new[] { "create", "get" })
        {
            await Eventually.BeAsync(
                async () => (await Api.ReviewAsync(Cluster.Namespace, verb, "pods", "exec", CancellationToken.None)).Allowed == verbs.Contains(verb),
                "the role is in force");
        }
    }
}
