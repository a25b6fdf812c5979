using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Lists, pages and selectors.</summary>
public sealed class ListFacts(string kind) : ClusterFacts(kind)
{
    private readonly string _group = "g" + Guid.NewGuid().ToString("N")[..6];

    [SetUp]
    public async Task MakePodsAsync()
    {
        foreach (var (name, color) in new[] { ("a", "red"), ("b", "green"), ("c", "blue") })
        {
            var pod = Pod($"list-{name}", spec => spec["nodeSelector"] = new JsonObject { ["no-such-label"] = "x" });
            pod["metadata"]!["labels"] = new JsonObject { ["group"] = _group, ["color"] = color };
            await CreateAsync(pod);
        }
    }

    [TestCase("color=red", "a")]
    [TestCase("color==red", "a")]
    [TestCase("color!=red", "b c")]
    [TestCase("color in (red, blue)", "a c")]
    [TestCase("color in (red,blue),color!=blue", "a")]
    [TestCase("color notin (red,blue)", "b")]
    [TestCase("color", "a b c")]
    [TestCase("!color", "")]
    [TestCase("no-such", "")]
    public async Task ASelector_ChoosesByLabels(string selector, string expected)
    {
        var answer = await ListAsync(selector);

        Assert.That((string?)answer["kind"], Is.EqualTo("PodList"));
        Assert.That(Names(answer), Is.EqualTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => "list-" + name)));
        Assert.That(answer["items"]!.AsArray().Any(item => item!["kind"] is not null), Is.False);
    }

    [Test]
    public async Task ASelectorThatIsNone_IsRefused()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "?labelSelector=a%20in%20(");

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Message, Does.Contain("unable to parse requirement"));
    }

    [Test]
    public async Task Pages_ShowTheListOfOneMoment()
    {
        var first = await ListAsync("color", "&limit=2");
        Assert.That(Names(first), Is.EqualTo(new[] { "list-a", "list-b" }));
        Assert.That(first["metadata"]!["remainingItemCount"], Is.Null, "with a selector nobody counts them");
        await Cluster.SendAsync(HttpMethod.Delete, $"{Cluster.Pods}/list-c");

        var second = await ListAsync("color", $"&limit=2&continue={first["metadata"]!["continue"]}");

        Assert.That(Names(second), Is.EqualTo(new[] { "list-c" }));
        Assert.That(second["metadata"]!["continue"], Is.Null);
        Assert.That((string?)second["metadata"]!["resourceVersion"], Is.EqualTo((string?)first["metadata"]!["resourceVersion"]));
    }

    [Test]
    public async Task WithoutASelector_TheRestIsCounted()
    {
        var all = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods);
        var first = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "?limit=1");

        Assert.That((int)first.Json["metadata"]!["remainingItemCount"]!, Is.EqualTo(Names(all.Json).Length - 1));
    }

    [Test]
    public async Task AContinuationThatIsNone_IsRefused()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "?limit=2&continue=bogus");

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Message, Does.Contain("continue key is not valid"));
    }

    [Test]
    public async Task AFieldSelector_ChoosesByName()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods + "?fieldSelector=metadata.name%3Dlist-b");

        Assert.That(Names(answer.Json), Is.EqualTo(new[] { "list-b" }));
    }

    private static string[] Names(JsonObject list) => [.. list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];

    private async Task<JsonObject> ListAsync(string selector, string more = "")
    {
        var answer = await Cluster.SendAsync(HttpMethod.Get, $"{Cluster.Pods}?labelSelector={Uri.EscapeDataString($"group={_group},{selector}")}{more}");
        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer.Json;
    }
}
