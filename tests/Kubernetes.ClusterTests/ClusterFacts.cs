using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>What is so on every cluster, simulated or real; each fixture has a namespace of its own with the seed's service account.</summary>
[TestFixtureSource(typeof(ClusterKinds))]
public abstract class ClusterFacts(string kind)
{
    public const string Real = "Real";

    private readonly List<string> _made = [];

    protected Cluster Cluster { get; private set; } = null!;

    protected bool IsReal => kind == Real;

    /// <summary>Null on a real cluster.</summary>
    protected SimulatedCluster? Simulated { get; private set; }

    /// <summary>As 1.20; a real cluster is taken for one of that time.</summary>
    protected bool IsOld => kind != nameof(KubernetesVersion.V1_33);

    /// <summary>The release names allowed values in the order of the alphabet.</summary>
    protected bool ListsSorted => kind == nameof(KubernetesVersion.V1_33);

    [OneTimeSetUp]
    public async Task OpenAsync() => (Cluster, Simulated) = await Clusters.OpenAsync(kind);

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.CloseAsync();
        }
    }

    [TearDown]
    public async Task DeletePodsAsync()
    {
        foreach (var name in _made)
        {
            await Cluster.SendAsync(HttpMethod.Delete, $"{Cluster.Pods}/{name}?gracePeriodSeconds=0");
        }

        _made.Clear();
    }

    /// <summary>A pod whose first process ends at once on SIGTERM.</summary>
    protected JsonObject Pod(string name, Action<JsonObject>? change = null, Action<JsonObject>? changeContainer = null)
    {
        var container = new JsonObject
        {
            ["name"] = "worker",
            ["image"] = Cluster.Image,
            ["command"] = new JsonArray("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "10m", ["memory"] = "10Mi" } },
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "runner", ["mountPath"] = "/runner" }),
        };
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["fact"] = name } },
            ["spec"] = new JsonObject
            {
                ["restartPolicy"] = "Never",
                ["automountServiceAccountToken"] = false,
                ["terminationGracePeriodSeconds"] = 2,
                ["containers"] = new JsonArray(container),
                ["volumes"] = new JsonArray(new JsonObject { ["name"] = "runner", ["emptyDir"] = new JsonObject() }),
            },
        };
        change?.Invoke(pod["spec"]!.AsObject());
        changeContainer?.Invoke(container);
        return pod;
    }

    protected async Task<JsonObject> CreateAsync(JsonObject pod)
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, pod);
        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        _made.Add((string)answer.Json["metadata"]!["name"]!);
        return answer.Json;
    }

    /// <summary>Watches from a pod's creation until its status is as wanted.</summary>
    protected async Task<JsonObject> BecomesAsync(JsonObject created, Func<JsonObject, bool> wanted, string what)
    {
        var metadata = created["metadata"]!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var last = created;
        try
        {
            await foreach (var change in WatchAsync($"labelSelector=fact%3D{metadata["name"]}&resourceVersion={metadata["resourceVersion"]}", deadline.Token))
            {
                last = change["object"]!.AsObject();
                if ((string?)change["type"] != "BOOKMARK" && wanted(last))
                {
                    return last;
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
        }

        throw new TimeoutException($"It has not come about that {what}; the status is {last["status"]?.ToJsonString()}.");
    }

    protected Task<JsonObject> RunsAsync(JsonObject created) =>
        BecomesAsync(created, pod => (string?)pod["status"]!["phase"] == "Running", "the pod runs");

    protected async IAsyncEnumerable<JsonObject> WatchAsync(
        string query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var request = Cluster.Request(HttpMethod.Get, $"{Cluster.Pods}?watch=true&{query}");
        using var response = await Cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            yield return JsonNode.Parse(line)!.AsObject();
        }
    }

    protected Task<Answer> GetAsync(string name) => Cluster.SendAsync(HttpMethod.Get, $"{Cluster.Pods}/{name}");

    /// <summary>A condition's status, reason and message.</summary>
    protected static string Condition(JsonObject pod, string type)
    {
        var condition = (pod["status"]!["conditions"] as JsonArray ?? []).FirstOrDefault(one => (string?)one!["type"] == type);
        return $"{condition?["status"]} {condition?["reason"]} {condition?["message"]}".Trim();
    }

    /// <summary>Why the worker waits.</summary>
    protected static string Waiting(JsonObject pod)
    {
        var waiting = pod["status"]!["containerStatuses"]?[0]!["state"]!["waiting"];
        return $"{waiting?["reason"]}: {waiting?["message"]}";
    }

    /// <summary>How the worker ended.</summary>
    protected static string Terminated(JsonObject pod)
    {
        var terminated = pod["status"]!["containerStatuses"]?[0]!["state"]!["terminated"];
        return $"{terminated?["reason"]} {terminated?["exitCode"]}";
    }
}
