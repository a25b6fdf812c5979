using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;

namespace ContainerGroups.Kubernetes.Tests.Api;

/// <summary>What each call asks, and what it makes of the answer.</summary>
internal sealed class PodCallTests
{
    private ScriptedServer _server = null!;
    private KubernetesApi _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _api = _server.Client(new FakeClock());
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task ACreation_SendsThePodAsItIs_WithTheToken_ByHttp2()
    {
        _server.Then(201, PodTexts.Pod("a", uid: "7"));

        var pod = await _api.CreatePodAsync("my ns", new JsonObject { ["kind"] = "Pod", ["x"] = "é" }, CancellationToken.None);

        var seen = _server.Seen.Single();
        Assert.That((seen.Method, seen.Target, seen.Protocol, seen.Authorization), Is.EqualTo(("POST", "/api/v1/namespaces/my%20ns/pods", "HTTP/2", "Bearer token")));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(seen.Body), new JsonObject { ["kind"] = "Pod", ["x"] = "é" }), Is.True);
        Assert.That((pod.Name, pod.Uid), Is.EqualTo(("a", "7")));
    }

    [Test]
    public async Task ARawRequestOfHttp11_GoesOverTheSameClient_WithTheToken()
    {
        _server.Then(200, "{}");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api.Server, "x"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await _api.Invoker.SendAsync(request, CancellationToken.None);

        Assert.That((_server.Seen.Single().Protocol, _server.Seen.Single().Authorization), Is.EqualTo(("HTTP/1.1", "Bearer token")));
    }

    [Test]
    public async Task AnAbsentPod_IsNull()
    {
        _server.Then(404, Statuses.Failure(404, "NotFound", "pods \"a\" not found"));

        Assert.That(await _api.FindPodAsync("ns", "a", CancellationToken.None), Is.Null);
    }

    [Test]
    public void APathThatLeadsNowhere_IsNoAbsentPod()
    {
        _server.Then(404, "404 page not found").Then(404, Statuses.Failure(404, "NotFound", "clusters \"c\" not found", "clusters"));

        for (var i = 0; i < 2; i++)
        {
            Assert.ThrowsAsync<ApiException>(() => _api.FindPodAsync("ns", "a", CancellationToken.None));
        }
    }

    [Test]
    public async Task ADeletion_NamesTheUidAndTheGrace()
    {
        _server.Then(200, PodTexts.Pod("a"));

        await _api.DeletePodAsync("ns", "a", "u-1", TimeSpan.FromSeconds(1.2), CancellationToken.None);

        var options = JsonDocument.Parse(_server.Seen.Single().Body).RootElement;
        Assert.That(options.GetProperty("gracePeriodSeconds").GetInt32(), Is.EqualTo(2));
        Assert.That(options.GetProperty("preconditions").GetProperty("uid").GetString(), Is.EqualTo("u-1"));
    }

    [Test]
    public async Task TheDeletionOfWhatIsGone_Succeeds()
    {
        _server.Then(404, Statuses.Failure(404, "NotFound", "pods \"a\" not found"));

        await _api.DeletePodAsync("ns", "a", null, null, CancellationToken.None);

        Assert.That(_server.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task TheDeletionOfAPodWhoseNameIsAnothersByNow_Succeeds()
    {
        _server.Then(409, Statuses.Failure(409, "Conflict", "Precondition failed: UID in precondition: old, UID in object meta: new"));
        _server.Then(200, PodTexts.Pod("a", uid: "new"));

        await _api.DeletePodAsync("ns", "a", "old", null, CancellationToken.None);

        Assert.That(_server.Seen[1].Method, Is.EqualTo("GET"));
    }

    [Test]
    public void AConflictOverTheRightPod_IsTold()
    {
        _server.Then(409, Statuses.Failure(409, "Conflict", "the object has been modified")).Then(200, PodTexts.Pod("a", uid: "mine"));

        Assert.ThrowsAsync<ApiException>(() => _api.DeletePodAsync("ns", "a", "mine", null, CancellationToken.None));
    }

    [Test]
    public async Task AListOfManyPages_IsOneList()
    {
        _server.Then(200, PodTexts.List("9", "next/1", "a", "b")).Then(200, PodTexts.List("9", null, "c"));

        var list = await _api.ListPodsAsync("ns", "app=x", CancellationToken.None);

        Assert.That((string.Join(",", list.Pods.Select(pod => pod.Name)), list.ResourceVersion), Is.EqualTo(("a,b,c", "9")));
        Assert.That(_server.Seen[1].Target, Does.Contain("continue=next%2F1").And.Contain("labelSelector=app%3Dx").And.Contain("limit=500"));
    }

    [Test]
    public async Task AListThatExpiresOnTheWay_BeginsAnew_AndAtLastInOnePiece()
    {
        var expired = Statuses.Failure(410, "Expired", "The provided continue parameter is too old");
        _server.Then(200, PodTexts.List("9", "n", "old")).Then(410, expired);
        _server.Then(200, PodTexts.List("10", "n", "old")).Then(410, expired);
        _server.Then(200, PodTexts.List("11", null, "a", "b"));

        var list = await _api.ListPodsAsync("ns", "", CancellationToken.None);

        Assert.That((string.Join(",", list.Pods.Select(pod => pod.Name)), list.ResourceVersion), Is.EqualTo(("a,b", "11")));
        Assert.That(_server.Seen[^1].Target, Does.Contain("limit=0").And.Not.Contain("continue"));
    }

    [Test]
    public async Task Events_ComeOldestFirst_WhoeverReportedThem()
    {
        _server.Then(200, """
            {"items":[
              {"reason":"Pulling","message":"m","type":"Normal","eventTime":"2026-01-01T00:00:05.123456Z","firstTimestamp":null,"lastTimestamp":null,
               "reportingComponent":"kubelet","involvedObject":{"uid":"u"}},
              {"reason":"BackOff","type":"Warning","count":3,"firstTimestamp":"2026-01-01T00:00:01Z","lastTimestamp":"2026-01-01T00:00:02Z",
               "source":{"component":"scheduler"}}]}
            """);

        var events = await _api.ListEventsAsync("ns", "p", CancellationToken.None);

        Assert.That(events.Select(item => (item.Reason, item.Source, item.Count)), Is.EqualTo(new[] { ("BackOff", "scheduler", 3), ("Pulling", "kubelet", 1) }));
        Assert.That(events[1].FirstSeen, Is.EqualTo(DateTimeOffset.Parse("2026-01-01T00:00:05.123456Z", null)));
        Assert.That(_server.Seen.Single().Target, Does.Contain("involvedObject.name%3Dp"));
    }

    [TestCase(200, null, true)]
    [TestCase(404, "NotFound", false)]
    [TestCase(403, "Forbidden", null)]
    public async Task ANamespace_IsThereOrNotOrNotToBeAsked(int status, string? reason, bool? expected)
    {
        _server.Then(status, reason is null ? "{}" : Statuses.Failure(status, reason, "namespaces \"ns\" …", "namespaces"));

        Assert.That(await _api.NamespaceExistsAsync("ns", CancellationToken.None), Is.EqualTo(expected));
    }

    [Test]
    public void AnAnswerThatIsNoPod_IsTold()
    {
        _server.Then(200, "<html>");

        var failure = Assert.ThrowsAsync<ApiException>(() => _api.FindPodAsync("ns", "a", CancellationToken.None));

        Assert.That(failure!.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("not as a Kubernetes API does"));
    }

    [Test]
    public async Task ATokenFile_IsReadAgain_WhenTheClusterRefusesTheOldOne()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "token");
        await File.WriteAllTextAsync(file, "old\n");
        var api = _server.Client(new FakeClock(), token: new TokenFile(file, new FakeClock()));
        _server.Then(200, PodTexts.Pod("a")).Then(401, "").Then(201, PodTexts.Pod("b")).Then(401, "");

        await api.FindPodAsync("ns", "a", CancellationToken.None);
        await File.WriteAllTextAsync(file, "new\n");
        await api.CreatePodAsync("ns", new JsonObject { ["kind"] = "Pod" }, CancellationToken.None);
        Assert.ThrowsAsync<ApiException>(() => api.FindPodAsync("ns", "a", CancellationToken.None));

        Assert.That(_server.Seen.Select(seen => seen.Authorization), Is.EqualTo(new[] { "Bearer old", "Bearer old", "Bearer new", "Bearer new" }));
        Assert.That(_server.Seen[2].Body, Is.EqualTo("""{"kind":"Pod"}"""));
    }

    [Test]
    public async Task ATokenFile_IsReadAgainAsTimePasses_AndTheLastOneHoldsWhileItIsGone()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "token");
        await File.WriteAllTextAsync(file, "first");
        var clock = new FakeClock();
        var token = new TokenFile(file, clock);
        var first = await token.GetAsync(CancellationToken.None);
        await File.WriteAllTextAsync(file, "second");
        clock.Advance(TimeSpan.FromMinutes(2));
        var second = await token.GetAsync(CancellationToken.None);
        File.Delete(file);
        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.That((first, second, await token.GetAsync(CancellationToken.None)), Is.EqualTo(("first", "second", "second")));
    }
}
