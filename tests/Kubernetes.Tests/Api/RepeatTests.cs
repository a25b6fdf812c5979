using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Tests.Api;

/// <summary>Which calls are made again, after how long, and which never.</summary>
internal sealed class RepeatTests
{
    private static readonly CallLimits Limits = new() { Read = TimeSpan.FromDays(1), Write = TimeSpan.FromDays(1) };

    private ScriptedServer _server = null!;
    private SkippingClock _clock = null!;
    private KubernetesApi _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _clock = new SkippingClock();
        _api = _server.Client(_clock, Limits);
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    [TestCase(429)]
    public async Task AReadThatTheServerCouldNotServe_IsMadeAgain(int status)
    {
        _server.Then(status, "").Then(status, "").Then(200, PodTexts.Pod("a"));

        var pod = await _api.FindPodAsync("ns", "a", CancellationToken.None);

        Assert.That((pod!.Name, _server.Seen.Count), Is.EqualTo(("a", 3)));
        Assert.That(_clock.Waits[0], Is.InRange(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public async Task AReadWhoseConnectionBreaks_IsMadeAgain()
    {
        _server.ThenBreak().Then(200, PodTexts.Pod("a"));

        Assert.That((await _api.FindPodAsync("ns", "a", CancellationToken.None))!.Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task AReadWhoseAnswerBreaksOff_IsMadeAgain()
    {
        _server.Then(async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"metadata":{"name":"half""");
            await http.Response.Body.FlushAsync();
            http.Abort();
        }).Then(200, PodTexts.Pod("whole"));

        Assert.That((await _api.FindPodAsync("ns", "a", CancellationToken.None))!.Name, Is.EqualTo("whole"));
    }

    [Test]
    public void ReadsEndAtTheDeadline_WithTheLastRefusal()
    {
        for (var i = 0; i < 100; i++)
        {
            _server.Then(503, Statuses.Failure(503, "ServiceUnavailable", "etcd has no leader"));
        }

        var failure = Assert.ThrowsAsync<ApiException>(() => _api.FindPodAsync("ns", "a", CancellationToken.None));

        Assert.That((failure!.StatusCode, failure.Message), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.ServiceUnavailable, "etcd has no leader")));
        Assert.That(_clock.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Is.InRange(TimeSpan.FromSeconds(20), Limits.Retries));
        Assert.That(_server.Seen, Has.Count.LessThan(20));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(422)]
    public void AReadThatIsRefused_IsNotMadeAgain(int status)
    {
        _server.Then(status, "");

        Assert.ThrowsAsync<ApiException>(() => _api.FindPodAsync("ns", "a", CancellationToken.None));
        Assert.That(_server.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ACreationThatIsTooMuch_IsMadeAgainAfterTheTimeAskedFor()
    {
        _server.Then(429, Statuses.Failure(429, "TooManyRequests", "slow down", retryAfter: 7), ("Retry-After", "3")).Then(201, PodTexts.Pod("a"));

        await _api.CreatePodAsync("ns", [], CancellationToken.None);

        Assert.That(_server.Seen, Has.Count.EqualTo(2));
        Assert.That(_clock.Waits.Single(), Is.InRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.1)));
    }

    [Test]
    public void AWaitBeyondTheDeadline_IsToldInsteadOfWaitedFor()
    {
        _server.Then(429, Statuses.Failure(429, "TooManyRequests", "slow down"), ("Retry-After", "600"));

        var failure = Assert.ThrowsAsync<ApiException>(() => _api.CreatePodAsync("ns", [], CancellationToken.None));

        Assert.That((failure!.RetryAfter, failure.IsTransient, _clock.Waits.Count), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(600), true, 0)));
    }

    [Test]
    public async Task ACreationThatCollidedAtTheQuota_IsMadeAgain()
    {
        _server.Then(409, Statuses.Failure(
            409, "Conflict", "Operation cannot be fulfilled on resourcequotas \"q\": the object has been modified; please apply your changes to the latest version and try again", "resourcequotas"));
        _server.Then(201, PodTexts.Pod("a"));

        Assert.That((await _api.CreatePodAsync("ns", [], CancellationToken.None)).Name, Is.EqualTo("a"));
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(504)]
    public void ACreationThatMayHaveBeenDone_IsNotMadeAgain(int status)
    {
        _server.Then(status, "");

        Assert.ThrowsAsync<ApiException>(() => _api.CreatePodAsync("ns", [], CancellationToken.None));
        Assert.That(_server.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public void ACreationWhoseAnswerIsLost_IsNotMadeAgain()
    {
        _server.ThenBreak();

        var failure = Assert.ThrowsAsync<ApiException>(() => _api.CreatePodAsync("ns", [], CancellationToken.None));

        Assert.That((failure!.StatusCode, failure.IsTransient, _server.Seen.Count), Is.EqualTo(((HttpStatusCode?)null, true, 1)));
    }

    [Test]
    public async Task ADryRun_IsMadeAgain()
    {
        _server.Then(503, "").Then(201, PodTexts.Pod("a"));

        var stored = await _api.DryRunPodAsync("ns", new JsonObject { ["kind"] = "Pod" }, CancellationToken.None);

        Assert.That(stored["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo("a"));
        Assert.That(_server.Seen[1].Target, Does.Contain("dryRun=All"));
    }

    [Test]
    public void NobodyThere_IsTriedUntilTheDeadline_EvenForACreation()
    {
        using var connections = ClusterConnections.Open(new ClusterAddress(new Uri("https://127.0.0.1:1/"), null, VerifyTls: true));
        var api = new KubernetesApi(new Uri("https://127.0.0.1:1/"), connections, new FixedToken("t"), _clock, Limits);

        var failure = Assert.ThrowsAsync<ApiException>(() => api.CreatePodAsync("ns", [], CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("127.0.0.1:1"));
        Assert.That(_clock.Waits, Has.Count.GreaterThan(5));
    }

    [Test]
    public void AnUntrustedCertificate_IsToldAtOnce()
    {
        using var connections = ClusterConnections.Open(new ClusterAddress(_server.Url, null, VerifyTls: true));
        var api = new KubernetesApi(_server.Url, connections, new FixedToken("t"), _clock, Limits);

        var failure = Assert.ThrowsAsync<ApiException>(() => api.FindPodAsync("ns", "a", CancellationToken.None));

        Assert.That((failure!.IsCertificateFault, failure.IsTransient, _clock.Waits.Count), Is.EqualTo((true, false, 0)));
        Assert.That(failure.Message, Does.Contain("is not trusted"));
    }

    [Test]
    public async Task AServerThatDoesNotAnswer_IsGivenUpAndAskedAgain()
    {
        var clock = new FakeClock();
        var api = _server.Client(clock);
        _server.Then(http => Task.Delay(Timeout.Infinite, http.RequestAborted)).Then(200, PodTexts.Pod("a"));

        var call = api.FindPodAsync("ns", "a", CancellationToken.None);
        await Eventually.BeAsync(() => _server.Seen.Count == 1, "the first request is there");
        clock.Advance(new CallLimits().Read);
        await Eventually.BeAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(20));
                return _server.Seen.Count == 2;
            },
            "the second request is there");

        Assert.That((await call)!.Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task ACallThatIsCancelled_EndsAtOnce()
    {
        _server.Then(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var cancel = new CancellationTokenSource();

        var call = _api.FindPodAsync("ns", "a", cancel.Token);
        await Eventually.BeAsync(() => _server.Seen.Count == 1, "the request is there");
        await cancel.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }
}
