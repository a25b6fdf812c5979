using System.Net;
using System.Text;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Tests.Api;

internal sealed class PodWatchTests
{
    private static readonly string Bookmark = """{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"12"}}}""";

    private ScriptedServer _server = null!;
    private FakeClock _clock = null!;
    private KubernetesApi _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _clock = new FakeClock();
        _api = _server.Client(_clock);
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Changes_ComeInOrder_UntilTheServerEnds()
    {
        var big = Line("ADDED", "big", "13").Replace("\"uid\":\"u\"", $"\"uid\":\"{new string('y', 300_000)}\"", StringComparison.Ordinal);
        _server.Then(http => WriteAsync(http, Line("ADDED", "a", "10"), Line("MODIFIED", "a", "11"), Bookmark, big, Line("NEWKIND", "z", "14"), Line("DELETED", "a", "15")));

        var changes = await ReadAsync();

        Assert.That(changes.Select(change => (change.Type, change.Pod?.Name, change.ResourceVersion)), Is.EqualTo(new[]
        {
            (PodChangeType.Added, "a", "10"),
            (PodChangeType.Modified, "a", "11"),
            (PodChangeType.Bookmark, null, "12"),
            (PodChangeType.Added, "big", "13"),
            (PodChangeType.Deleted, "a", "15"),
        }));
        Assert.That(_server.Seen.Single().Target, Does.Contain("watch=true").And.Contain("allowWatchBookmarks=true")
            .And.Contain("resourceVersion=5&").And.Contain("timeoutSeconds=").And.Contain("labelSelector=app%3Dx"));
    }

    [Test]
    public async Task AChange_ComesAtOnce_NotWithTheEnd()
    {
        using var goOn = new SemaphoreSlim(0);
        _server.Then(async http =>
        {
            await WriteAsync(http, Line("ADDED", "a", "10"));
            await goOn.WaitAsync(http.RequestAborted);
        });

        await using var changes = _api.WatchPodsAsync("ns", "", "5", CancellationToken.None).GetAsyncEnumerator();
        var first = changes.MoveNextAsync().AsTask();
        await Eventually.EndAsync(first, "the first change has come");
        goOn.Release();

        Assert.That((changes.Current.Pod!.Name, await changes.MoveNextAsync()), Is.EqualTo(("a", false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AVersionThatIsTooOld_IsToldAsExpired(bool inTheStream)
    {
        var status = Statuses.Failure(410, "Expired", "too old resource version: 5 (900)");
        _ = inTheStream
            ? _server.Then(http => WriteAsync(http, $$"""{"type":"ERROR","object":{{status}}}"""))
            : _server.Then(410, status);

        var failure = Assert.ThrowsAsync<ApiException>(ReadAsync);

        Assert.That((failure!.StatusCode, failure.Reason, failure.IsExpired), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.Gone, "Expired", true)));
        Assert.That(failure.Message, Is.EqualTo("too old resource version: 5 (900)"));
    }

    [Test]
    public void AConnectionThatBreaks_IsNoEnd()
    {
        _server.Then(async http =>
        {
            await WriteAsync(http, Line("ADDED", "a", "10"));
            http.Abort();
        });

        var failure = Assert.ThrowsAsync<ApiException>(ReadAsync);

        Assert.That((failure!.StatusCode, failure.IsTransient), Is.EqualTo(((HttpStatusCode?)null, true)));
    }

    [Test]
    public void ALineThatIsNoChange_IsTold()
    {
        _server.Then(http => WriteAsync(http, "<html>"));

        Assert.That(Assert.ThrowsAsync<ApiException>(ReadAsync)!.Message, Does.Contain("a line of the watch can't be read"));
    }

    [Test]
    public async Task AServerThatFallsSilent_EndsTheWatch()
    {
        _server.Then(async http =>
        {
            await WriteAsync(http, Line("ADDED", "a", "10"));
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });

        await using var changes = _api.WatchPodsAsync("ns", "", "5", CancellationToken.None).GetAsyncEnumerator();
        await changes.MoveNextAsync();
        var next = changes.MoveNextAsync().AsTask();
        await Eventually.BeAsync(() => _clock.WaitingTimers == 1, "the silence is being timed");
        _clock.Advance(new CallLimits().WatchSilence);
        await Eventually.EndAsync(next, "the watch has ended");

        Assert.That(await next, Is.False);
    }

    [Test]
    public async Task AWatchThatIsCancelled_IsGoneAtTheServer()
    {
        var gone = new TaskCompletionSource();
        _server.Then(async http =>
        {
            http.RequestAborted.Register(gone.SetResult);
            await WriteAsync(http, Line("ADDED", "a", "10"));
            await gone.Task;
        });
        using var cancel = new CancellationTokenSource();

        await using (var changes = _api.WatchPodsAsync("ns", "", "5", cancel.Token).GetAsyncEnumerator(CancellationToken.None))
        {
            await changes.MoveNextAsync();
            await cancel.CancelAsync();
            Assert.That(async () => await changes.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
        }

        await Eventually.EndAsync(gone.Task, "the server sees the end of the watch");
    }

    private async Task<List<PodChange>> ReadAsync()
    {
        var changes = new List<PodChange>();
        await foreach (var change in _api.WatchPodsAsync("ns", "app=x", "5", CancellationToken.None))
        {
            changes.Add(change);
        }

        return changes;
    }

    private static string Line(string type, string name, string version) => $$"""{"type":"{{type}}","object":{{PodTexts.Pod(name, version)}}}""";

    private static async Task WriteAsync(HttpContext http, params string[] lines)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        await http.Response.Body.FlushAsync();
    }
}
