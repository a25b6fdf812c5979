using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>What the events of a pod tell, where the role allows to list them.</summary>
public sealed class EventFacts(string kind) : ClusterFacts(kind)
{
    [SetUp]
    public Task AllowAsync() => Cluster.Admin.AllowEventsAsync(true);

    [Test]
    public async Task AStart_IsToldStepByStep()
    {
        var created = await CreateAsync(Pod("told"));
        await RunsAsync(created);

        var events = await EventsAsync("told", "Started");

        Assert.That(events.Select(one => (string?)one["reason"]), Is.EqualTo(new[] { "Scheduled", "Pulling", "Pulled", "Created", "Started" }));
        Assert.That(events.Select(one => (string?)one["involvedObject"]!["uid"]), Is.All.EqualTo((string?)created["metadata"]!["uid"]));
        Assert.That((string?)events[0]["message"], Does.StartWith($"Successfully assigned {Cluster.Namespace}/told to "));
        Assert.That((string?)events[1]["message"], Is.EqualTo($"Pulling image \"{Cluster.Image}\""));
    }

    [Test]
    public async Task TheSchedulers_HaveAPreciseTime_TheKubelets_AFirstAndALast()
    {
        await RunsAsync(await CreateAsync(Pod("times")));
        var events = await EventsAsync("times", "Started");

        var scheduled = events.Single(one => (string?)one["reason"] == "Scheduled");
        Assert.That((string?)scheduled["eventTime"], Does.Match(@"^\d{4}-.*\.\d{6}Z$"));
        Assert.That((scheduled["firstTimestamp"], scheduled["count"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));

        var started = events.Single(one => (string?)one["reason"] == "Started");
        Assert.That((started["eventTime"], (int)started["count"]!), Is.EqualTo(((JsonNode?)null, 1)));
        Assert.That((string?)started["firstTimestamp"], Does.EndWith("Z").And.EqualTo((string?)started["lastTimestamp"]));
        Assert.That((string?)started["involvedObject"]!["fieldPath"], Is.EqualTo("spec.containers{worker}"));
    }

    [Test]
    public async Task AFailure_IsAWarning()
    {
        await CreateAsync(Pod("warned", changeContainer: container => container["image"] = "Bad Image"));

        var events = await EventsAsync("warned", "InspectFailed", "Failed");

        Assert.That(events.Where(one => (string?)one["type"] == "Warning").Select(one => $"{one["reason"]}: {one["message"]}"), Is.EquivalentTo(new[]
        {
            "InspectFailed: Failed to apply default image tag \"Bad Image\": couldn't parse image reference \"Bad Image\": invalid reference format: repository name must be lowercase",
            "Failed: Error: InvalidImageName",
        }));
    }

    /// <summary>Until there is one of each reason: events come a little after what they tell, and not always in its order.</summary>
    private async Task<IReadOnlyList<JsonNode>> EventsAsync(string pod, params string[] until)
    {
        IReadOnlyList<JsonNode> events = [];
        await Eventually.BeAsync(async () =>
        {
            var answer = await Cluster.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{Cluster.Namespace}/events?fieldSelector=involvedObject.name%3D{pod}");
            events = [.. (answer.Json["items"] as JsonArray ?? []).Select(one => one!).OrderBy(one => long.Parse((string)one["metadata"]!["resourceVersion"]!))];
            return until.All(reason => events.Any(one => (string?)one["reason"] == reason));
        }, $"there are events {string.Join(", ", until)}");
        return events;
    }
}
