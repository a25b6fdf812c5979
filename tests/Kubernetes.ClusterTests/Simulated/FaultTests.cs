using System.Net;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests.Simulated;

public sealed class FaultTests : OnSimulation
{
    [Test]
    public async Task TooManyRequests_SayWhenToComeAgain_AndEndByThemselves()
    {
        Simulated.Faults.Add(RequestKind.Get, Fault.TooManyRequests(TimeSpan.FromSeconds(3)), count: 2, after: 1);

        var codes = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            var answer = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "/x");
            codes.Add((int)answer.Code);
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.EqualTo(answer.Code == HttpStatusCode.TooManyRequests ? TimeSpan.FromSeconds(3) : (TimeSpan?)null));
        }

        Assert.That(codes, Is.EqualTo(new[] { 404, 429, 429, 404 }));
        Assert.That((Simulated.Faults.Left, Simulated.Requests[RequestKind.Get]), Is.EqualTo((0, 4)));
    }

    [Test]
    public async Task ALostAnswer_HasBeenDone()
    {
        Simulated.Faults.Add(RequestKind.Create, Fault.LoseAnswer);

        Assert.That(() => CreateAsync(Pod("made")), Throws.InstanceOf<HttpRequestException>());

        Assert.That(Simulated.FindPod(Namespace, "made"), Is.Not.Null);
        Assert.That((await CreateAsync(Pod("made"))).Code, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public void ACutBefore_HasDoneNothing()
    {
        Simulated.Faults.Add(RequestKind.Create, Fault.CutBefore);

        Assert.That(() => CreateAsync(Pod("notmade")), Throws.InstanceOf<HttpRequestException>());

        Assert.That(Simulated.Pods, Is.Empty);
    }

    [Test]
    public async Task AnExpiredToken_IsUnauthorized()
    {
        Simulated.ExpireToken(Cluster.Token);

        Assert.That((await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods)).Code, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task ACutAfterSomeBytes_EndsAnExecInTheMiddle()
    {
        await RunAsync("cut");
        Simulated.Faults.Add(RequestKind.Exec, Fault.CutAfter(50_000));

        await using var exec = await ExecAsync("cut", false, "sh", "-c", "head -c 1000000 /dev/zero");
        await exec.EndAsync();

        Assert.That(exec.HasStatus, Is.False);
        Assert.That(exec.Stdout, Has.Length.LessThan(50_000));
    }

    [Test]
    public async Task ACutAfterReceivedBytes_EndsStdinEarly()
    {
        await RunAsync("cut");
        Simulated.Faults.Add(RequestKind.Exec, Fault.CutAfterReceiving(30_000));

        await using (var exec = await ExecAsync("cut", true, "sh", "-c", "cat > \"$1.part\"; mv \"$1.part\" \"$1\"", "sh", "/runner/file"))
        {
            await Task.WhenAny(exec.WriteAsync(new byte[100_000]));
            await exec.EndAsync();
        }

        var file = Path.Combine(Simulated.FindPod(Namespace, "cut")!.Directory, "file");
        await Eventually.BeAsync(() => File.Exists(file), "the process has gone on to its end");
        Assert.That(new FileInfo(file).Length, Is.LessThan(30_000));
    }

    [Test]
    public async Task AStall_LastsUntilItIsEnded()
    {
        await RunAsync("stalls");
        Simulated.Faults.Add(RequestKind.Exec, Fault.StallAfter(200));

        await using var exec = await ExecAsync("stalls", false, "sh", "-c", "echo said; head -c 1000 /dev/zero");
        await Task.WhenAny(exec.Ended, Task.Delay(300));
        Assert.That(exec.Ended.IsCompleted, Is.False);

        Simulated.Faults.EndStalls();
        await exec.EndAsync();
        Assert.That((exec.Stdout.Length, (string?)exec.Status["status"]), Is.EqualTo((1005, "Success")));
    }

    [Test]
    public async Task ClosedWatches_EndAsIfTheirTimeWasUp()
    {
        using var request = Cluster.Request(HttpMethod.Get, Cluster.Pods + "?watch=true");
        using var response = await Cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Eventually.BeAsync(() => Simulated.Requests.OpenWatches == 1, "the watch is open");

        Simulated.Faults.CloseWatches();

        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        await Eventually.BeAsync(() => Simulated.Requests.OpenWatches == 0, "the watch is closed");
    }

    [Test]
    public async Task ForgottenHistory_ExpiresWatchesAndPages()
    {
        await CreateAsync(Pod("a"));
        await CreateAsync(Pod("b"));
        var page = (await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "?limit=1")).Json["metadata"]!;
        Simulated.CompactHistory();

        var watch = await Cluster.SendAsync(HttpMethod.Get, $"{Cluster.Pods}?watch=true&resourceVersion={page["resourceVersion"]}");
        Assert.That(((string?)watch.Json["type"], (int)watch.Json["object"]!["code"]!), Is.EqualTo(("ERROR", 410)));

        var rest = await Cluster.SendAsync(HttpMethod.Get, $"{Cluster.Pods}?limit=1&continue={page["continue"]}");
        Assert.That((rest.Code, (string?)rest.Json["reason"]), Is.EqualTo((HttpStatusCode.Gone, "Expired")));
    }

    [Test]
    public async Task ARestart_KeepsPortStateAndPods_AndCutsConnections()
    {
        await RunAsync("stays");
        var watch = Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "?watch=true");
        await Eventually.BeAsync(() => Simulated.Requests.OpenWatches == 1, "the watch is open");

        await Simulated.StopServerAsync();
        Assert.That(async () => await watch, Throws.InstanceOf<HttpRequestException>());
        Assert.That(() => Cluster.SendAsync(HttpMethod.Get, Cluster.Pods), Throws.InstanceOf<HttpRequestException>());
        await Simulated.StartServerAsync();

        Assert.That((await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "/stays")).Code, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task ACutConnectionOfHttp2_TakesAllItsRequestsAlong()
    {
        using var request = Cluster.Request(HttpMethod.Get, Cluster.Pods + "?watch=true");
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var response = await Cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.Version, Is.EqualTo(HttpVersion.Version20));
        Simulated.Faults.Add(RequestKind.Get, Fault.CutBefore);

        using var get = Cluster.Request(HttpMethod.Get, Cluster.Pods + "/x");
        (get.Version, get.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);

        Assert.That(async () => await Cluster.Http.SendAsync(get), Throws.InstanceOf<HttpRequestException>());
        Assert.That(async () => await response.Content.ReadAsStringAsync(), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task AWatchThatIsCut_EndsWithinAnEvent()
    {
        Simulated.Faults.Add(RequestKind.Watch, Fault.CutAfter(100));
        using var request = Cluster.Request(HttpMethod.Get, Cluster.Pods + "?watch=true");
        using var response = await Cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await CreateAsync(Pod("seen"));

        Assert.That(async () => await response.Content.ReadAsStringAsync(), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task AWebhook_Denies()
    {
        Simulated.SetWebhook("images.example.com", pod => new("image not signed", 403, "Forbidden"));

        var answer = await CreateAsync(Pod("denied"));

        Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.Forbidden,
            "admission webhook \"images.example.com\" denied the request: image not signed")));
    }
}
