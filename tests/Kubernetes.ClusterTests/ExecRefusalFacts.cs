using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Exec requests that never become a connection.</summary>
public sealed class ExecRefusalFacts(string kind) : ClusterFacts(kind)
{
    private string _pod = "";

    [SetUp]
    public async Task MakePodAsync() => await RunsAsync(await CreateAsync(Pod(_pod = "refuses-" + Guid.NewGuid().ToString("N")[..6])));

    [Test]
    public async Task WithoutAnUpgrade_OneIsRequired()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, RawExec.Path(Cluster, _pod, ["true"], false));

        Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.BadRequest, "Upgrade request required")));
    }

    [Test]
    public async Task AnUnknownContainer_IsNotValid()
    {
        var answer = await SendAsync(RawExec.Path(Cluster, _pod, ["true"], false, "&container=nope"));

        Assert.That((answer.Code, Message(answer)), Is.EqualTo((HttpStatusCode.BadRequest, $"container nope is not valid for pod {_pod}")));
    }

    [Test]
    public async Task AmongSeveralContainers_OneIsNamed()
    {
        var other = new JsonObject { ["name"] = "second", ["image"] = Cluster.Image, ["command"] = new JsonArray("sleep", "1000") };
        await RunsAsync(await CreateAsync(Pod("several", spec => spec["containers"]!.AsArray().Add(other))));

        var answer = await SendAsync(RawExec.Path(Cluster, "several", ["true"], false));

        Assert.That(answer.Code, Is.EqualTo(IsOld ? HttpStatusCode.BadRequest : HttpStatusCode.SwitchingProtocols));
        if (IsOld)
        {
            Assert.That(Message(answer), Is.EqualTo("a container name must be specified for pod several, choose one of: [worker second]"));
        }
    }

    [Test]
    public async Task AContainerThatDoesNotRun_IsNotFound_InPlainText()
    {
        var created = await CreateAsync(Pod("notyet", changeContainer: container => container["image"] = "Bad Image"));
        await BecomesAsync(created, pod => Waiting(pod).StartsWith("InvalidImageName", StringComparison.Ordinal), "the image is found to be invalid");

        var answer = await SendAsync(RawExec.Path(Cluster, "notyet", ["true"], false));

        Assert.That((answer.Code, answer.Text), Is.EqualTo((HttpStatusCode.InternalServerError, "container not found (\"worker\")")));
    }

    [Test]
    public async Task APodWithoutANode_HasNoHost()
    {
        var created = await CreateAsync(Pod("unplaced", spec => spec["nodeSelector"] = new JsonObject { ["no-such-label"] = "x" }));
        await BecomesAsync(created, pod => Condition(pod, "PodScheduled") != "", "the scheduler has looked at it");

        var answer = await SendAsync(RawExec.Path(Cluster, "unplaced", ["true"], false));

        Assert.That((answer.Code, Message(answer)), Is.EqualTo((HttpStatusCode.BadRequest, "pod unplaced does not have a host assigned")));
    }

    [Test]
    public async Task AnUnknownSubprotocol_IsRefusedWithTheKnownOnes()
    {
        var answer = await SendAsync(RawExec.Path(Cluster, _pod, ["true"], false), "v9.channel.k8s.io");

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(answer.Text, Does.Contain("unable to upgrade: unable to negotiate protocol: client supports [v9.channel.k8s.io], server accepts [v4.channel.k8s.io "));
        Assert.That(answer.Headers.GetValues("X-Accepted-Stream-Protocol-Versions").First(), Is.EqualTo("v4.channel.k8s.io"));
    }

    [Test]
    public async Task WithoutASubprotocol_OneIsRequired()
    {
        var answer = await SendAsync(RawExec.Path(Cluster, _pod, ["true"], false), null);

        Assert.That((answer.Code, answer.Text.Trim()), Is.EqualTo((HttpStatusCode.BadRequest, "unable to upgrade: X-Stream-Protocol-Version is required")));
    }

    [Test]
    public async Task WithoutAnyStream_ThereIsNothingToDo()
    {
        var answer = await SendAsync($"{Cluster.Pods}/{_pod}/exec?command=true");

        Assert.That((answer.Code, answer.Text.Trim()), Is.EqualTo((HttpStatusCode.BadRequest, "you must specify at least 1 of stdin, stdout, stderr")));
    }

    private static string Message(Answer answer) => (string?)JsonNode.Parse(answer.Text)!["message"] ?? "";

    private async Task<Answer> SendAsync(string path, string? version = "v4.channel.k8s.io")
    {
        using var request = SpdyExec.Request(Cluster, path, version);
        using var response = await Cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var text = response.StatusCode == HttpStatusCode.SwitchingProtocols ? "" : await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, text, response.Headers);
    }
}
