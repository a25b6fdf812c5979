using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>How pods go.</summary>
public sealed class DeletionFacts(string kind) : ClusterFacts(kind)
{
    [Test]
    public async Task APod_IsMarkedFirst_ThenEnds_ThenIsGone()
    {
        var created = await CreateAsync(Pod("goes"));
        await RunsAsync(created);

        var answer = await DeleteAsync("goes");
        Assert.That((string?)answer.Json["kind"], Is.EqualTo("Pod"));
        Assert.That((long)answer.Json["metadata"]!["deletionGracePeriodSeconds"]!, Is.EqualTo(2));

        var changes = await ChangesToTheEndAsync(created);
        Assert.That(changes.Select(Tell).Distinct().TakeLast(4), Is.EqualTo(new[]
        {
            "MODIFIED Running marked", "MODIFIED Succeeded marked", "MODIFIED Succeeded marked for now", "DELETED Succeeded marked for now",
        }));
        Assert.That((await GetAsync("goes")).Code, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task AFirstProcessThatIgnoresSigterm_TakesTheWholeGrace_AndIsKilled()
    {
        var created = await CreateAsync(Pod("stays", changeContainer: container => container["command"] = new JsonArray("sleep", "1000")));
        await RunsAsync(created);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await DeleteAsync("stays");
        var changes = await ChangesToTheEndAsync(created);

        Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(1.5)));
        var last = changes[^1]["object"]!.AsObject();
        Assert.That((string?)last["status"]!["phase"], Is.EqualTo("Failed"));
        Assert.That(Terminated(last), Is.EqualTo("Error 137"));
    }

    [Test]
    public async Task AnotherPodOfTheName_IsNotDeleted()
    {
        var created = await CreateAsync(Pod("other"));

        var answer = await DeleteAsync("other", new() { ["preconditions"] = new JsonObject { ["uid"] = "abc" } });

        Assert.That((answer.Code, (string?)answer.Json["reason"]), Is.EqualTo((HttpStatusCode.Conflict, "Conflict")));
        Assert.That(answer.Message, Is.EqualTo(
            $"Operation cannot be fulfilled on Pod \"other\": the UID in the precondition (abc) does not match the UID in record ({created["metadata"]!["uid"]}). The object might have been deleted and then recreated"));
        Assert.That((await GetAsync("other")).Code, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task ThePodOfTheUid_IsDeleted()
    {
        var created = await CreateAsync(Pod("mine"));
        await RunsAsync(created);

        var answer = await DeleteAsync("mine", new() { ["preconditions"] = new JsonObject { ["uid"] = (string)created["metadata"]!["uid"]! } });

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        await ChangesToTheEndAsync(created);
    }

    [Test]
    public async Task APodThatWaitsForANode_IsGoneAtOnce()
    {
        var created = await CreateAsync(Pod("waits", spec => spec["nodeSelector"] = new JsonObject { ["no-such-label"] = "x" }));
        await BecomesAsync(created, pod => Condition(pod, "PodScheduled").StartsWith("False", StringComparison.Ordinal), "it can't be scheduled");

        var answer = await DeleteAsync("waits");

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await GetAsync("waits")).Code, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await ChangesToTheEndAsync(created)).Select(Tell).Last(), Does.StartWith("DELETED Pending"));
    }

    [Test]
    public async Task WithoutGrace_APodIsGoneAtOnce()
    {
        var created = await CreateAsync(Pod("forced", changeContainer: container => container["command"] = new JsonArray("sleep", "1000")));
        await RunsAsync(created);

        await DeleteAsync("forced", new() { ["gracePeriodSeconds"] = 0 });

        Assert.That((await GetAsync("forced")).Code, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static string Tell(JsonObject change)
    {
        var pod = change["object"]!;
        var metadata = pod["metadata"]!;
        var mark = metadata["deletionTimestamp"] is null ? "" : (long)metadata["deletionGracePeriodSeconds"]! == 0 ? " marked for now" : " marked";
        return $"{change["type"]} {pod["status"]!["phase"]}{mark}";
    }

    private Task<Answer> DeleteAsync(string name, JsonObject? options = null) => Cluster.SendAsync(HttpMethod.Delete, $"{Cluster.Pods}/{name}", options);

    private async Task<IReadOnlyList<JsonObject>> ChangesToTheEndAsync(JsonObject created)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var changes = new List<JsonObject>();
        await foreach (var change in WatchAsync(
            $"labelSelector=fact%3D{created["metadata"]!["name"]}&resourceVersion={created["metadata"]!["resourceVersion"]}", deadline.Token))
        {
            changes.Add(change);
            if ((string?)change["type"] == "DELETED")
            {
                break;
            }
        }

        return changes;
    }
}
