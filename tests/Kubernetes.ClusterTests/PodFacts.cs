using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>A pod's life from its creation to its end.</summary>
public sealed class PodFacts(string kind) : ClusterFacts(kind)
{
    [Test]
    public async Task APod_GoesFromPendingToRunning_WithEveryConditionTrue()
    {
        var created = await CreateAsync(Pod("runs"));
        Assert.That((string?)created["status"]!["phase"], Is.EqualTo("Pending"));
        Assert.That((string?)created["status"]!["qosClass"], Is.EqualTo("Burstable"));

        var status = (await RunsAsync(created))["status"]!;

        Assert.That(status["conditions"]!.AsArray().Select(condition => $"{condition!["type"]} {condition["status"]}"),
            Is.EqualTo(new[] { "Initialized True", "Ready True", "ContainersReady True", "PodScheduled True" }));
        var container = status["containerStatuses"]![0]!;
        Assert.That((bool)container["ready"]! && (bool)container["started"]!);
        Assert.That((string?)container["state"]!["running"]!["startedAt"], Does.EndWith("Z"));
        Assert.That((string?)container["containerID"], Does.Match("^containerd://[0-9a-f]{64}$"));
        Assert.That((string?)container["imageID"], Does.Contain("@sha256:"));
        Assert.That((string?)status["podIP"], Does.Match(@"^[\d.]+$"));
    }

    [Test]
    public async Task UntilItRuns_AContainerIsBeingCreated()
    {
        var pod = await BecomesAsync(await CreateAsync(Pod("starts")), IsTakenUp, "the kubelet has taken it up");

        Assert.That(Waiting(pod), Is.EqualTo("ContainerCreating: "));
        Assert.That(Condition(pod, "Ready"), Is.EqualTo("False ContainersNotReady containers with unready status: [worker]"));
        Assert.That(Condition(pod, "Initialized"), Is.EqualTo("True"));
    }

    [Test]
    public async Task InitContainers_GoFirst()
    {
        var init = new JsonObject { ["name"] = "first", ["image"] = Cluster.Image, ["command"] = new JsonArray("true") };
        var created = await CreateAsync(Pod("init", spec => spec["initContainers"] = new JsonArray(init)));

        var waiting = await BecomesAsync(created, IsTakenUp, "the kubelet has taken it up");
        Assert.That(Condition(waiting, "Initialized"), Is.EqualTo("False ContainersNotInitialized containers with incomplete status: [first]"));
        Assert.That(Waiting(waiting), Is.EqualTo("PodInitializing: "));

        var running = await RunsAsync(created);
        Assert.That(Condition(running, "Initialized"), Is.EqualTo("True"));
        Assert.That((string?)running["status"]!["initContainerStatuses"]![0]!["state"]!["terminated"]!["reason"], Is.EqualTo("Completed"));
    }

    [Test]
    public async Task TheServersDefaults_AreInTheAnswer()
    {
        var spec = (await CreateAsync(Pod("defaults")))["spec"]!;

        Assert.That(new[] { "dnsPolicy", "schedulerName", "serviceAccountName", "serviceAccount", "preemptionPolicy" }.Select(name => (string?)spec[name]),
            Is.EqualTo(new[] { "ClusterFirst", "default-scheduler", "default", "default", "PreemptLowerPriority" }));
        Assert.That(spec["tolerations"]!.AsArray().Select(toleration => $"{toleration!["key"]} {toleration["tolerationSeconds"]}"),
            Is.EqualTo(new[] { "node.kubernetes.io/not-ready 300", "node.kubernetes.io/unreachable 300" }));
        Assert.That((string?)spec["containers"]![0]!["terminationMessagePolicy"], Is.EqualTo("File"));
    }

    [Test]
    public async Task ADryRun_IsChecked_AndNotStored()
    {
        var dry = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods + "?dryRun=All", Pod("dry"));

        Assert.That(dry.Code, Is.EqualTo(HttpStatusCode.Created), dry.Text);
        Assert.That((string?)dry.Json["metadata"]!["uid"], Is.Not.Empty);
        Assert.That(dry.Json["metadata"]!["resourceVersion"], Is.Null);
        Assert.That((string?)dry.Json["spec"]!["dnsPolicy"], Is.EqualTo("ClusterFirst"));
        Assert.That((await GetAsync("dry")).Code, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task AnUnknownPod_IsNotFound()
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            var answer = await Cluster.SendAsync(method, Cluster.Pods + "/ghost");
            Assert.That((answer.Code, answer.Message, (string?)answer.Json["reason"], (string?)answer.Json["details"]!["kind"]),
                Is.EqualTo((HttpStatusCode.NotFound, "pods \"ghost\" not found", "NotFound", "pods")));
        }
    }

    [Test]
    public async Task ASuccessfulProcess_MakesASucceededPod()
    {
        var pod = await EndAsync("succeeds", 0);

        Assert.That((string?)pod["status"]!["phase"], Is.EqualTo("Succeeded"));
        Assert.That((Condition(pod, "Ready"), Condition(pod, "Initialized")), Is.EqualTo(("False PodCompleted", "True PodCompleted")));
        Assert.That(Terminated(pod), Is.EqualTo("Completed 0"));
    }

    [Test]
    public async Task AFailedProcess_MakesAFailedPod()
    {
        var pod = await EndAsync("fails", 3);

        Assert.That((string?)pod["status"]!["phase"], Is.EqualTo("Failed"));
        Assert.That(Condition(pod, "Ready"), Is.EqualTo("False ContainersNotReady containers with unready status: [worker]"));
        Assert.That(Terminated(pod), Is.EqualTo("Error 3"));
    }

    private static bool IsTakenUp(JsonObject pod) => pod["status"]!["containerStatuses"] is not null;

    private async Task<JsonObject> EndAsync(string name, int code)
    {
        var created = await CreateAsync(Pod(name, changeContainer: container => container["command"] = new JsonArray("sh", "-c", $"sleep 1; exit {code}")));
        await RunsAsync(created);
        Simulated?.ExitContainer(Cluster.Namespace, name, code);
        return await BecomesAsync(created, pod => (string?)pod["status"]!["phase"] is "Succeeded" or "Failed", "the pod has ended");
    }
}
