using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>What a pod's status says of the reasons why it doesn't start, or doesn't go on.</summary>
public sealed class FailureFacts(string kind) : ClusterFacts(kind)
{
    private const string Nothing = "registry.invalid/no-such-image:1";

    [Test]
    public async Task NoRoom_IsToldByTheScheduler()
    {
        var pod = await UnscheduledAsync(Pod("nocpu", changeContainer: container => container["resources"]!["requests"]!["cpu"] = "100000000"));

        Assert.That(Condition(pod, "PodScheduled"), Does.StartWith("False Unschedulable 0/1 nodes are available: 1 Insufficient cpu."));
        Assert.That((string?)pod["status"]!["phase"], Is.EqualTo("Pending"));
    }

    [Test]
    public async Task NoNodeOfTheLabel_IsToldByTheScheduler()
    {
        var pod = await UnscheduledAsync(Pod("nolabel", spec => spec["nodeSelector"] = new JsonObject { ["no-such-label"] = "x" }));

        Assert.That(Condition(pod, "PodScheduled"), Does.StartWith("False Unschedulable 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity"));
    }

    [Test]
    public async Task AnImageNameThatIsNone_IsInvalid()
    {
        var pod = await WaitsAsync(Pod("badname", changeContainer: container => container["image"] = "Bad Image"), "InvalidImageName");

        Assert.That(Waiting(pod), Does.StartWith(
            "InvalidImageName: Failed to apply default image tag \"Bad Image\": couldn't parse image reference \"Bad Image\": invalid reference format"));
        Assert.That((string?)pod["status"]!["phase"], Is.EqualTo("Pending"));
    }

    [Test]
    public async Task AnImageThatIsNowhere_IsTriedAgainAndAgain()
    {
        Simulated?.Images.Refuse(Nothing);
        var created = await CreateAsync(Pod("nopull", changeContainer: container => container["image"] = Nothing));

        Assert.That(Waiting(await WaitsAsync(created, "ErrImagePull")), Does.Match(
            $"^ErrImagePull: rpc error: code = \\w+ desc = failed to pull and unpack image \"{Nothing}\": failed to resolve reference \"{Nothing}\": "));
        Assert.That(Waiting(await WaitsAsync(created, "ImagePullBackOff")), Does.StartWith($"ImagePullBackOff: Back-off pulling image \"{Nothing}\""));
    }

    [Test]
    public async Task AnImageThatMayNotBePulled_IsMissed()
    {
        Simulated?.Images.Refuse(Nothing);
        var pod = await WaitsAsync(Pod("never", changeContainer: container =>
        {
            container["image"] = Nothing;
            container["imagePullPolicy"] = "Never";
        }), "ErrImageNeverPull");

        Assert.That(Waiting(pod), Is.EqualTo($"ErrImageNeverPull: Container image \"{Nothing}\" is not present with pull policy of Never"));
    }

    [TestCase("configMapRef", "configmap \"missing\" not found")]
    [TestCase("secretRef", "secret \"missing\" not found")]
    public async Task AMissingSourceOfTheEnvironment_IsTold(string source, string message)
    {
        var pod = await WaitsAsync(Pod("noconfig", changeContainer: container =>
            container["envFrom"] = new JsonArray(new JsonObject { [source] = new JsonObject { ["name"] = "missing" } })), "CreateContainerConfigError");

        Assert.That(Waiting(pod), Is.EqualTo("CreateContainerConfigError: " + message));
        Assert.That((string?)pod["status"]!["phase"], Is.EqualTo("Pending"));
    }

    [Test]
    public async Task AMissingKey_IsTold()
    {
        var variable = new JsonObject
        {
            ["name"] = "A",
            ["valueFrom"] = new JsonObject { ["configMapKeyRef"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["key"] = "nope" } },
        };
        var pod = await WaitsAsync(Pod("nokey", changeContainer: container => container["env"] = new JsonArray(variable)), "CreateContainerConfigError");

        Assert.That(Waiting(pod), Is.EqualTo($"CreateContainerConfigError: couldn't find key nope in ConfigMap {Cluster.Namespace}/kube-root-ca.crt"));
    }

    [Test]
    public async Task ALimitOfMemory_EndsTheContainer()
    {
        var created = await CreateAsync(Pod("oom", changeContainer: container =>
        {
            container["resources"] = new JsonObject { ["limits"] = new JsonObject { ["memory"] = "16Mi" } };
            container["command"] = new JsonArray("sh", "-c", "sleep 1; x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done");
        }));
        if (Simulated is not null)
        {
            await RunsAsync(created);
            Simulated.KillForMemory(Cluster.Namespace, "oom");
        }

        var pod = await FailsAsync(created);
        Assert.That(Terminated(pod), Is.EqualTo("OOMKilled 137"));
        Assert.That(pod["status"]!["reason"], Is.Null);
    }

    [Test]
    public async Task ADeadline_EndsThePod()
    {
        var pod = await FailsAsync(await CreateAsync(Pod("late", spec => spec["activeDeadlineSeconds"] = 2)));

        Assert.That(((string?)pod["status"]!["reason"], (string?)pod["status"]!["message"]),
            Is.EqualTo(("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")));
    }

    [Test]
    public async Task AnEviction_LeavesItsReason()
    {
        var created = await CreateAsync(Pod("evicted", spec => spec["volumes"]![0]!["emptyDir"]!["sizeLimit"] = "1Mi", container =>
            container["command"] = new JsonArray("sh", "-c", "dd if=/dev/zero of=/runner/f bs=1M count=20; sleep 1000")));
        await RunsAsync(created);
        Simulated?.Evict(Cluster.Namespace, "evicted", "Usage of EmptyDir volume \"runner\" exceeds the limit \"1Mi\". ");

        var pod = await FailsAsync(created);
        Assert.That(((string?)pod["status"]!["reason"], (string?)pod["status"]!["message"]),
            Is.EqualTo(("Evicted", "Usage of EmptyDir volume \"runner\" exceeds the limit \"1Mi\". ")));
    }

    private async Task<JsonObject> UnscheduledAsync(JsonObject pod) => await BecomesAsync(
        await CreateAsync(pod), now => Condition(now, "PodScheduled").StartsWith("False", StringComparison.Ordinal), "it can't be scheduled");

    private async Task<JsonObject> WaitsAsync(JsonObject pod, string reason) => await BecomesAsync(
        pod["status"] is null ? await CreateAsync(pod) : pod, now => Waiting(now).StartsWith(reason + ":", StringComparison.Ordinal), $"it waits for {reason}");

    private Task<JsonObject> FailsAsync(JsonObject created) => BecomesAsync(created, pod => (string?)pod["status"]!["phase"] == "Failed", "it has failed");
}
