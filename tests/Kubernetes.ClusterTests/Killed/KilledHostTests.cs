using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests.Killed;

/// <summary>
/// The server is killed, as a process, around each thing that it asks the cluster to change. The next one on the same data finishes the
/// job, and leaves no pod.
/// </summary>
[TestFixtureSource(typeof(NewestClusterKinds))]
public sealed class KilledHostTests(string kind)
{
    private const string Installation = "containergroups.io/installation";
    private const string Job = "containergroups.io/job";

    // Every line names the run that it is from, so that a second run of the program would show.
    private const string Script = """r=$(head -c 8 /dev/urandom | od -An -tx1 | tr -d ' \n'); i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $r $i; done""";

    private static readonly HashSet<string> Final = ["successful", "failed", "error", "canceled"];

    private Cluster _cluster = null!;
    private ClusterTap _tap = null!;
    private KillableHost _host = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync()
    {
        (_cluster, _) = await Clusters.OpenAsync(kind);
        _tap = new ClusterTap(_cluster);
        _host = new KillableHost(new Dictionary<string, string>
        {
            ["CG_DISPATCH__SWEEPPERIOD"] = "00:00:01",
            ["CG_DISPATCH__SWEEPGRACE"] = "00:00:03",
            ["CG_DISPATCH__RETRYDELAY"] = "00:00:00.2",
        });
        await _host.StartAsync();
        _group = await _host.MakeGroupAsync(_cluster, _tap);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _host.Dispose();
        await _tap.DisposeAsync();
        await _cluster.CloseAsync();
    }

    [Test]
    public async Task KilledAroundEachRequest_TheJobEndsWell_AndNoPodIsLeft()
    {
        foreach (var step in new[] { "before create", "after create", "before exec", "after exec", "before delete", "after delete" })
        {
            var died = KillAt(step);
            var job = await LaunchAsync();
            await Eventually.EndAsync(died, $"the host comes to the step {step}", TimeSpan.FromSeconds(90));
            _tap.OnStep = _ => true;
            await _host.StartAsync();

            await AssertEndsWellAsync(job, step);
            await Eventually.BeAsync(async () => (await NamesAsync()).Count == 0, $"no pod is left after the kill {step}", TimeSpan.FromSeconds(60));
        }
    }

    [Test]
    public async Task PodsOfJobsThatAreNoMore_AreSwept_AndThoseOfOthersAreNot()
    {
        var job = await LaunchAsync();
        JsonObject? own = null;
        await Eventually.BeAsync(async () => (own = (await PodsAsync()).SingleOrDefault()) is not null, "the job has a pod");
        var labels = own!["metadata"]!["labels"]!.AsObject();
        await CreatePodAsync("of-a-deleted-job", labels, (Job, "900001"));
        await CreatePodAsync("of-another-installation", labels, (Installation, "another"), (Job, "900001"));
        await CreatePodAsync("of-nobody", []);

        await AssertEndsWellAsync(job, "with others' pods beside it");
        var names = new List<string>();
        await Eventually.BeAsync(
            async () => !(names = await NamesAsync()).Contains("of-a-deleted-job") && names.Count <= 2, "the orphan and the job's own pod are gone", TimeSpan.FromSeconds(60));
        Assert.That(names, Is.EquivalentTo(new[] { "of-another-installation", "of-nobody" }));
    }

    /// <summary>Kills the host when it first comes to a step; the cluster hears nothing of it after that.</summary>
    private Task KillAt(string step)
    {
        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tap.OnStep = what =>
        {
            if (what == step)
            {
                _host.Kill();
                died.TrySetResult();
            }

            return !died.Task.IsCompleted;
        };
        return died.Task;
    }

    private Task<long> LaunchAsync() => _host.Api.CreateAsync("jobs/", new JsonObject
    {
        ["name"] = "lines",
        ["job_type"] = "command",
        ["command"] = new JsonArray("sh", "-c", Script),
        ["instance_groups"] = new JsonArray(_group),
    }.ToJsonString());

    private async Task AssertEndsWellAsync(long job, string when)
    {
        JsonNode? row = null;
        await Eventually.BeAsync(
            async () => Final.Contains((string)(row = await _host.JobAsync(job))["status"]!), $"job {job} has ended after the kill {when}", TimeSpan.FromSeconds(90));
        Assert.That(((string)row!["status"]!, (string)row["job_explanation"]!), Is.EqualTo(("successful", "")), when);
        var lines = (await _host.Api.GetAsync($"jobs/{job}/output/?offset=0")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.EqualTo(Enumerable.Range(1, 500).Select(n => $"{lines[0].Split(' ')[0]} {n}")), when);
    }

    private async Task<List<JsonObject>> PodsAsync() =>
        [.. (await _cluster.SendAsync(HttpMethod.Get, _cluster.Pods)).Json["items"]!.AsArray().Select(pod => pod!.AsObject())];

    private async Task<List<string>> NamesAsync() => (await PodsAsync()).ConvertAll(pod => (string)pod["metadata"]!["name"]!);

    private async Task CreatePodAsync(string name, JsonObject labels, params (string Name, string Value)[] others)
    {
        var all = labels.DeepClone().AsObject();
        foreach (var (label, value) in others)
        {
            all[label] = value;
        }

        var answer = await _cluster.SendAsync(HttpMethod.Post, _cluster.Pods, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = all },
            ["spec"] = new JsonObject
            {
                ["terminationGracePeriodSeconds"] = 0,
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "worker",
                    ["image"] = _cluster.Image,
                    ["imagePullPolicy"] = "IfNotPresent",
                    ["command"] = new JsonArray("sleep", "600"),
                }),
            },
        });
        Assert.That((int)answer.Code, Is.EqualTo(201), answer.Text);
    }
}
