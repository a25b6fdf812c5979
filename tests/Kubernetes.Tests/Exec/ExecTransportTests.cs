using System.Net;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.Tests.Api;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>Which protocol is asked for when, what is asked again, and in which words a refusal arrives.</summary>
public sealed class ExecTransportTests
{
    private const string MayNotGet = """pods "p" is forbidden: User "u" cannot get resource "pods/exec" in API group "" in the namespace "n" """;
    private const string MayNotCreate = """pods "p" is forbidden: User "u" cannot create resource "pods/exec" in API group "" in the namespace "n" """;

    private ScriptedServer _server = null!;
    private KubernetesApi _api = null!;
    private ExecTransport _transport = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _api = _server.Client(TimeProvider.System);
        _transport = new ExecTransport(TimeProvider.System);
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    private IEnumerable<string> Methods => _server.Seen.Select(request => request.Method);

    [TestCase("v5.channel.k8s.io", true)]
    [TestCase("v4.channel.k8s.io", false)]
    public async Task WebSocket_IsAskedForFirst(string version, bool canCloseStdin)
    {
        _server.Then(Granted.WebSocket(version));

        await using var session = await OpenAsync();

        Assert.That(session.CanCloseStdin, Is.EqualTo(canCloseStdin));
        var received = await Received.AllOfAsync(session);
        Assert.That((received.Text, received.ExitCode), Is.EqualTo(("Stdout:" + version, (int?)3)));
    }

    [Test]
    public async Task Request_NamesEverythingEscaped()
    {
        _server.Then(Granted.WebSocket("v4.channel.k8s.io"));

        await using var session = await _transport.OpenAsync(_api, "ns", "pod", "worker", ["sh", "-c", "a & b=\"ü\"\n"], stdin: true, CancellationToken.None);

        var seen = _server.Seen.Single();
        Assert.That(seen.Target, Is.EqualTo(
            "/api/v1/namespaces/ns/pods/pod/exec?container=worker&command=sh&command=-c&command=a%20%26%20b%3D%22%C3%BC%22%0A&stdin=true&stdout=true&stderr=true"));
        Assert.That((seen.Authorization, seen.Protocol), Is.EqualTo(("Bearer token", "HTTP/1.1")));
    }

    [Test]
    public async Task ForbiddenWebSocket_GivesWayToSpdy_WhichIsRemembered()
    {
        _server.Then(403, Statuses.Failure(403, "Forbidden", MayNotGet)).Then(Granted.SpdyAsync).Then(Granted.SpdyAsync);

        await AssertRunsAsync("SPDY");
        await AssertRunsAsync("SPDY");

        Assert.That(Methods, Is.EqualTo(new[] { "GET", "POST", "POST" }));
    }

    [Test]
    public async Task RememberedProtocolThatIsForbidden_IsForgotten()
    {
        _server.Then(403, Statuses.Failure(403, "Forbidden", MayNotGet)).Then(Granted.SpdyAsync)
            .Then(403, Statuses.Failure(403, "Forbidden", MayNotCreate)).Then(Granted.WebSocket("v4.channel.k8s.io"))
            .Then(Granted.WebSocket("v4.channel.k8s.io"));

        await AssertRunsAsync("SPDY");
        await AssertRunsAsync("v4.channel.k8s.io");
        await AssertRunsAsync("v4.channel.k8s.io");

        Assert.That(Methods, Is.EqualTo(new[] { "GET", "POST", "POST", "GET", "GET" }));
    }

    [Test]
    public async Task AnotherNamespaceAndAnotherCredential_AreAskedAnew()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            _server.Then(403, Statuses.Failure(403, "Forbidden", MayNotGet)).Then(Granted.SpdyAsync);
        }

        await AssertRunsAsync("SPDY");
        await AssertRunsAsync("SPDY", "other");
        _api = _server.Client(TimeProvider.System);
        await AssertRunsAsync("SPDY");

        Assert.That(Methods, Is.EqualTo(new[] { "GET", "POST", "GET", "POST", "GET", "POST" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task BothForbidden_NamesBothPermissions(bool spdyWorkedBefore)
    {
        if (spdyWorkedBefore)
        {
            _server.Then(403, Statuses.Failure(403, "Forbidden", MayNotGet)).Then(Granted.SpdyAsync);
            await AssertRunsAsync("SPDY");
        }

        var refusals = new[] { MayNotGet, MayNotCreate };
        foreach (var words in spdyWorkedBefore ? refusals.Reverse() : refusals)
        {
            _server.Then(403, Statuses.Failure(403, "Forbidden", words));
        }

        var failure = Assert.ThrowsAsync<ApiException>(OpenAsync)!;

        Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(failure.Message, Does.Contain("cannot create resource \"pods/exec\"").And.Contain("cannot get resource \"pods/exec\""));
        Assert.That(failure.ToBackendException("start").Message, Does.Contain("The permission create pods/exec is missing"));
    }

    [TestCase(404, "<html>no such page</html>", "text/html")]
    [TestCase(405, "bad method", "text/plain")]
    [TestCase(400, "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"Upgrade request required\",\"reason\":\"BadRequest\",\"code\":400}", "application/json")]
    [TestCase(400, "what?", "text/plain")]
    [TestCase(426, "", "text/plain")]
    [TestCase(200, "hello", "text/html")]
    [TestCase(302, "", "text/html")]
    [TestCase(502, "bad gateway", "text/html")]
    public async Task WebSocketThatIsNotLetThrough_GivesWayToSpdy(int status, string body, string type)
    {
        _server.Then(Answer(status, body, type)).Then(Granted.SpdyAsync);

        await AssertRunsAsync("SPDY");
    }

    [Test]
    public async Task AnswerThatIsNoWebSocketServers_GivesWayToSpdy()
    {
        _server.Then(Granted.WebSocket("v4.channel.k8s.io", accept: "AAAA")).Then(Granted.SpdyAsync);

        await AssertRunsAsync("SPDY");
    }

    [TestCase(404, "NotFound", "pods \"p\" not found")]
    [TestCase(400, "BadRequest", "container worker is not valid for pod p")]
    [TestCase(401, "Unauthorized", "Unauthorized")]
    public void RefusalThatTheOtherProtocolWouldGetToo_IsFinal(int status, string reason, string message)
    {
        _server.Then(status, Statuses.Failure(status, reason, message));

        var failure = Assert.ThrowsAsync<ApiException>(OpenAsync)!;

        Assert.That((failure.Message, failure.Reason, _server.Seen.Count), Is.EqualTo((message, reason, 1)));
    }

    [Test]
    public void KubeletsWords_AreKept()
    {
        _server.Then(Answer(500, "unable to upgrade connection: container not found (\"worker\")", "text/plain"));

        Assert.That(Assert.ThrowsAsync<ApiException>(OpenAsync)!.Message, Is.EqualTo("unable to upgrade connection: container not found (\"worker\")"));
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task BusyCluster_IsAskedAgain(int status)
    {
        var busy = Statuses.Failure(status, "ServiceUnavailable", "busy");
        _server.Then(status, busy).Then(status, busy).Then(Granted.WebSocket("v5.channel.k8s.io"));
        _transport = new ExecTransport(new SkippingClock(TimeSpan.FromSeconds(10)));

        await AssertRunsAsync("v5.channel.k8s.io");
    }

    [Test]
    public void BusyClusterThatStaysSo_IsTransientAfterTenSeconds()
    {
        foreach (var _ in Enumerable.Range(0, 20))
        {
            _server.Then(503, Statuses.Failure(503, "ServiceUnavailable", "busy"));
        }

        var clock = new SkippingClock(TimeSpan.FromSeconds(10));
        _transport = new ExecTransport(clock);

        var failure = Assert.ThrowsAsync<ApiException>(OpenAsync)!;

        Assert.That((failure.IsTransient, failure.Message), Is.EqualTo((true, "busy")));
        Assert.That(clock.Waits.Aggregate((all, wait) => all + wait), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(_server.Seen, Has.Count.InRange(4, 9));
    }

    [Test]
    public void LostAnswerToAWebSocket_IsNotAskedForAgain()
    {
        _server.ThenBreak();

        var failure = Assert.ThrowsAsync<ApiException>(OpenAsync)!;

        Assert.That((failure.StatusCode, failure.IsTransient, _server.Seen.Count), Is.EqualTo(((HttpStatusCode?)null, true, 1)));
    }

    [Test]
    public async Task LostAnswerToSpdy_IsAskedForAgain()
    {
        _server.Then(403, Statuses.Failure(403, "Forbidden", MayNotGet)).Then(Granted.SpdyAsync).ThenBreak().Then(Granted.SpdyAsync);
        await AssertRunsAsync("SPDY");

        await AssertRunsAsync("SPDY");

        Assert.That(Methods, Is.EqualTo(new[] { "GET", "POST", "POST", "POST" }));
    }

    [Test]
    public void CanceledOpening_EndsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        _server.Then(async http =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });

        Assert.That(
            async () => await _transport.OpenAsync(_api, "n", "p", "worker", ["true"], stdin: false, cancel.Token).WaitAsync(Eventually.Deadline),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static Func<HttpContext, Task> Answer(int status, string body, string type) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    };

    private Task<ExecSession> OpenAsync() => _transport.OpenAsync(_api, "n", "p", "worker", ["true"], stdin: false, CancellationToken.None);

    private async Task AssertRunsAsync(string printed, string @namespace = "n")
    {
        await using var session = await _transport.OpenAsync(_api, @namespace, "p", "worker", ["true"], stdin: false, CancellationToken.None);
        var received = await Received.AllOfAsync(session);
        Assert.That((received.Text, received.ExitCode, received.Failure), Is.EqualTo(("Stdout:" + printed, (int?)3, (Exception?)null)));
    }
}
