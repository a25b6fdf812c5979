using System.Net;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests.Simulated;

public sealed class NodeTests : OnSimulation
{
    private readonly FakeClock _clock = new();

    protected override SimulationOptions Options => new()
    {
        Clock = _clock,
        ImagePullDelay = TimeSpan.FromSeconds(20),
        Nodes = [new() { Name = "node-1" }],
    };

    [Test]
    public async Task Delays_PassByTheGivenClock()
    {
        await CreateAsync(Pod("slow"));
        await Eventually.BeAsync(() => Status("slow")["containerStatuses"] is not null, "the kubelet has taken it up");
        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.That(Simulated.FindPod(Namespace, "slow")!.Phase, Is.EqualTo("Pending"));

        _clock.Advance(TimeSpan.FromSeconds(1));

        await PhaseAsync("slow", "Running");
    }

    [Test]
    public async Task ALostNode_LeavesItsPodsUnready_ThenMarkedAndNotGone_UntilItIsBack()
    {
        await StartAsync("lost");

        Simulated.LoseNode("node-1");
        Assert.That(Ready("lost"), Is.EqualTo("False"));
        using (var request = SpdyExec.Request(Cluster, RawExec.Path(Cluster, "lost", ["true"], false)))
        using (var response = await Cluster.Http.SendAsync(request))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("error dialing backend"));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        await Eventually.BeAsync(() => Simulated.FindPod(Namespace, "lost")!.IsDeleting, "it is marked");
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(Simulated.FindPod(Namespace, "lost"), Is.Not.Null);

        Simulated.RecoverNode("node-1");
        await Eventually.BeAsync(() => Simulated.FindPod(Namespace, "lost") is null, "it is gone");
    }

    [Test]
    public async Task ANodeThatIsBackInTime_KeepsItsPods()
    {
        await StartAsync("kept");
        Simulated.LoseNode("node-1");

        Simulated.RecoverNode("node-1");

        Assert.That((Ready("kept"), Simulated.FindPod(Namespace, "kept")!.Phase), Is.EqualTo(("True", "Running")));
    }

    [Test]
    public async Task BackOffs_GrowAndEndWhenTheImageIsThere()
    {
        Simulated.Images.Refuse("image");
        await CreateAsync(Pod("pulls"));
        await WaitingAsync("ContainerCreating");
        _clock.Advance(TimeSpan.FromSeconds(20));
        await WaitingAsync("ErrImagePull");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await WaitingAsync("ImagePullBackOff");

        Simulated.Images.Allow("image");
        _clock.Advance(TimeSpan.FromSeconds(10));

        await PhaseAsync("pulls", "Running");
    }

    private Task WaitingAsync(string reason) => Eventually.BeAsync(
        () => (string?)Status("pulls")["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"] == reason, $"it waits for {reason}");

    private async Task StartAsync(string name)
    {
        await CreateAsync(Pod(name));
        await Eventually.BeAsync(() => Status(name)["containerStatuses"] is not null, "the kubelet has taken it up");
        _clock.Advance(TimeSpan.FromSeconds(20));
        await PhaseAsync(name, "Running");
    }

    private string? Ready(string name) => (string?)Status(name)["conditions"]!.AsArray().First(condition => (string?)condition!["type"] == "Ready")!["status"];
}
