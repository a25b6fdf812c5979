using System.Net;

namespace ContainerGroups.Kubernetes.ClusterTests;

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
    }

    [Test]
    public async Task ATakenName_IsAConflict()
    {
        await CreateAsync(Pod("taken"));

        var again = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("taken"));

        Assert.That((again.Code, again.Message, (string?)again.Json["reason"]),
            Is.EqualTo((HttpStatusCode.Conflict, "pods \"taken\" already exists", "AlreadyExists")));
    }
}
