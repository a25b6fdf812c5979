using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests.Simulated;

/// <summary>What only a simulated cluster can be made to do; each test has one of its own.</summary>
public abstract class OnSimulation
{
    protected const string Namespace = "tests";

    protected SimulatedCluster Simulated { get; private set; } = null!;

    protected Cluster Cluster { get; private set; } = null!;

    protected virtual SimulationOptions Options => new();

    [SetUp]
    public async Task StartAsync()
    {
        Simulated = await SimulatedCluster.StartAsync(Options);
        var token = Simulated.ServiceAccountToken(Namespace, "awx");
        Cluster = new(Simulated.Url, Simulated.AuthorityPem, token, Namespace, "image", new SimulatedSide(Simulated, Namespace));
    }

    [TearDown]
    public async Task StopAsync() => await Cluster.CloseAsync();

    protected static JsonObject Pod(string name, string cpu = "100m", Action<JsonObject>? change = null)
    {
        var container = new JsonObject
        {
            ["name"] = "worker",
            ["image"] = "image",
            ["env"] = new JsonArray(new JsonObject { ["name"] = "COLOR", ["value"] = "green" }),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = cpu } },
        };
        var spec = new JsonObject { ["restartPolicy"] = "Never", ["containers"] = new JsonArray(container), ["terminationGracePeriodSeconds"] = 5 };
        change?.Invoke(spec);
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["fact"] = name } },
            ["spec"] = spec,
        };
    }

    protected Task<Answer> CreateAsync(JsonObject pod) => Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, pod);

    protected async Task RunAsync(string name)
    {
        Assert.That((int)(await CreateAsync(Pod(name))).Code, Is.EqualTo(201));
        await PhaseAsync(name, "Running");
    }

    protected Task PhaseAsync(string name, string phase) =>
        Eventually.BeAsync(() => Simulated.FindPod(Namespace, name)?.Phase == phase, $"{name} is {phase}");

    protected JsonObject Status(string name) => Simulated.FindPod(Namespace, name)!.Json["status"]!.AsObject();

    protected string Scheduled(string name)
    {
        var condition = (Status(name)["conditions"] as JsonArray ?? []).FirstOrDefault(one => (string?)one!["type"] == "PodScheduled");
        return $"{condition?["status"]} {condition?["message"]}".Trim();
    }

    protected Task<SpdyExec> ExecAsync(string name, bool stdin, params string[] command) => SpdyExec.OpenAsync(Cluster, name, stdin, command);
}
