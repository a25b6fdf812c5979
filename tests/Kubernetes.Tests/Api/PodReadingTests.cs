using System.Text.Json;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Tests.Api;

internal sealed class PodReadingTests
{
    private const string Running = """
        {"kind":"Pod","metadata":{"name":"p","namespace":"ns","uid":"u","resourceVersion":"7","labels":{"a":"b"},"annotations":{"c":"d"},
          "creationTimestamp":"2026-01-01T00:00:00Z","deletionTimestamp":"2026-01-01T00:01:00Z","managedFields":[{"manager":"x"}]},
         "spec":{"nodeName":"n1","containers":[{"name":"worker","image":"i:1","args":["x"]},{"name":"side","image":"s"}]},
         "status":{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory.","startTime":"2026-01-01T00:00:02Z",
          "conditions":[{"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:01Z"},
                        {"type":"Ready","status":"False","reason":"ContainersNotReady","message":"m"}],
          "initContainerStatuses":[{"name":"init","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}],
          "containerStatuses":[
            {"name":"worker","image":"i:1","ready":false,"restartCount":2,
             "state":{"terminated":{"exitCode":137,"signal":9,"reason":"OOMKilled","message":"x","startedAt":"2026-01-01T00:00:03Z","finishedAt":"2026-01-01T00:00:04Z"}},
             "lastState":{"running":{"startedAt":"2026-01-01T00:00:03Z"}}},
            {"name":"side","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]}}
        """;

    [Test]
    public void EverythingThatIsUsed_IsRead()
    {
        var pod = Read(Running);

        Assert.That((pod.Name, pod.Namespace, pod.Uid, pod.ResourceVersion, pod.NodeName), Is.EqualTo(("p", "ns", "u", "7", "n1")));
        Assert.That((pod.Labels["a"], pod.Annotations["c"], pod.Phase, pod.Reason), Is.EqualTo(("b", "d", "Failed", "Evicted")));
        Assert.That((pod.CreatedAt, pod.DeletedAt, pod.StartTime), Is.EqualTo(((DateTimeOffset?)At(0), (DateTimeOffset?)At(60), (DateTimeOffset?)At(2))));
        Assert.That(pod.Containers, Is.EqualTo(new[] { new PodContainer { Name = "worker", Image = "i:1" }, new PodContainer { Name = "side", Image = "s" } }));
        Assert.That(pod.Conditions, Is.EqualTo(new[]
        {
            new PodCondition { Type = "PodScheduled", Status = "True", At = At(1) },
            new PodCondition { Type = "Ready", Status = "False", Reason = "ContainersNotReady", Message = "m" },
        }));
        Assert.That(pod.InitContainerStatuses.Single().State.Terminated!.Reason, Is.EqualTo("Completed"));
    }

    [Test]
    public void StatesOfContainers_AreRead()
    {
        var statuses = Read(Running).ContainerStatuses;

        Assert.That((statuses[0].Name, statuses[0].Image, statuses[0].RestartCount), Is.EqualTo(("worker", "i:1", 2)));
        Assert.That(statuses[0].State.Terminated, Is.EqualTo(
            new ContainerTerminated { ExitCode = 137, Signal = 9, Reason = "OOMKilled", Message = "x", StartedAt = At(3), FinishedAt = At(4) }));
        Assert.That(statuses[0].LastState.Running!.StartedAt, Is.EqualTo(At(3)));
        Assert.That(statuses[1].State.Waiting, Is.EqualTo(new ContainerWaiting { Reason = "ImagePullBackOff", Message = "Back-off pulling image" }));
    }

    [TestCase("{}")]
    [TestCase("""{"metadata":null,"spec":null,"status":null}""")]
    [TestCase("""{"metadata":{"name":null,"labels":null},"spec":{"nodeName":"","containers":null},"status":{"conditions":null,"containerStatuses":null}}""")]
    [TestCase("""{"status":{"containerStatuses":[],"conditions":[]},"unknown":{"a":[1,{}]}}""")]
    public void WhatIsMissing_IsEmpty(string json)
    {
        var pod = Read(json);

        Assert.That((pod.Name, pod.Phase, pod.NodeName, pod.CreatedAt), Is.EqualTo(("", "", (string?)null, (DateTimeOffset?)null)));
        Assert.That((pod.Containers.Count, pod.Conditions.Count, pod.ContainerStatuses.Count, pod.Labels.Count), Is.EqualTo((0, 0, 0, 0)));
    }

    private static Pod Read(string json) => JsonSerializer.Deserialize(json, KubernetesJson.Default.PodObject)!.ToPod();

    private static DateTimeOffset At(int seconds) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);
}
