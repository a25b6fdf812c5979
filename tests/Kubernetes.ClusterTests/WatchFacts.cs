using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Watches: where they begin, how they end, and what they say in between.</summary>
public sealed class WatchFacts(string kind) : ClusterFacts(kind)
{
    private readonly string _name = "watched-" + Guid.NewGuid().ToString("N")[..6];

    private string Selector => $"labelSelector=fact%3D{_name}";

    [Test]
    public async Task WithoutAVersion_AWatchBeginsWithWhatIsThere()
    {
        await CreateAsync(Unplaced());

        var changes = await ToTheEndAsync($"{Selector}&timeoutSeconds=1");

        Assert.That(changes.Select(change => (string?)change["type"]), Has.Member("ADDED").And.No.Member("DELETED"));
        Assert.That((string?)changes[0]["object"]!["kind"], Is.EqualTo("Pod"));
    }

    [Test]
    public async Task FromAVersion_AWatchTellsWhatCameAfter()
    {
        var created = await CreateAsync(Unplaced());
        await BecomesAsync(created, pod => Condition(pod, "PodScheduled").StartsWith("False", StringComparison.Ordinal), "it can't be scheduled");
        var listed = await Cluster.SendAsync(HttpMethod.Get, $"{Cluster.Pods}?{Selector}");
        await Cluster.SendAsync(HttpMethod.Delete, $"{Cluster.Pods}/{_name}");

        var changes = await ToTheEndAsync($"{Selector}&timeoutSeconds=1&resourceVersion={listed.Json["metadata"]!["resourceVersion"]}");

        Assert.That(changes.Select(change => (string?)change["type"]), Is.EqualTo(new[] { "MODIFIED", "DELETED" }));
        Assert.That((long)changes[0]["object"]!["metadata"]!["deletionGracePeriodSeconds"]!, Is.Zero);
        Assert.That((string?)changes[1]["object"]!["metadata"]!["uid"], Is.EqualTo((string?)created["metadata"]!["uid"]));
    }

    [Test]
    public async Task Bookmarks_CarryAVersionAndNoPod()
    {
        var list = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods);
        await CreateAsync(Unplaced());

        var changes = await ToTheEndAsync($"{Selector}&timeoutSeconds=4&allowWatchBookmarks=true&resourceVersion={list.Json["metadata"]!["resourceVersion"]}");

        var bookmark = changes.Last(change => (string?)change["type"] == "BOOKMARK")["object"]!;
        Assert.That(long.Parse((string)bookmark["metadata"]!["resourceVersion"]!),
            Is.GreaterThanOrEqualTo(long.Parse((string)changes[0]["object"]!["metadata"]!["resourceVersion"]!)));
        Assert.That((bookmark["spec"]!["containers"], (string?)bookmark["metadata"]!["name"]), Is.EqualTo(((JsonNode?)null, (string?)null)));
    }

    [Test]
    public async Task APodThatNoLongerMatches_IsGoneForTheWatcher()
    {
        var created = await CreateAsync(Unplaced());
        await Cluster.SendAsync(HttpMethod.Patch, $"{Cluster.Pods}/{_name}",
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["fact"] = null } } }, type: "application/merge-patch+json");

        var changes = await ToTheEndAsync($"{Selector}&timeoutSeconds=1&resourceVersion={created["metadata"]!["resourceVersion"]}");

        Assert.That((string?)changes[^1]["type"], Is.EqualTo("DELETED"));
        Assert.That((await GetAsync(_name)).Code, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task AVersionTooOld_IsExpired_InTheStream()
    {
        var changes = await ToTheEndAsync("resourceVersion=1&timeoutSeconds=2");

        // An API server forgets the oldest versions at its own start and with time: a real one may be too young to have done so.
        Assume.That(!IsReal || (string?)changes.FirstOrDefault()?["type"] == "ERROR", "the cluster still knows its first version");
        var error = changes.Single();
        Assert.That((string?)error["type"], Is.EqualTo("ERROR"));
        Assert.That(((int)error["object"]!["code"]!, (string?)error["object"]!["reason"]), Is.EqualTo((410, "Expired")));
        Assert.That((string?)error["object"]!["message"], Does.Match(@"^too old resource version: 1 \(\d+\)$"));
    }

    private JsonObject Unplaced() => Pod(_name, spec => spec["nodeSelector"] = new JsonObject { ["no-such-label"] = "x" });

    private async Task<IReadOnlyList<JsonObject>> ToTheEndAsync(string query)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var changes = new List<JsonObject>();
        await foreach (var change in WatchAsync(query, deadline.Token))
        {
            changes.Add(change);
        }

        return changes;
    }
}
