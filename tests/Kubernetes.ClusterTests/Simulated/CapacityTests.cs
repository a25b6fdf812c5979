using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests.Simulated;

public sealed class CapacityTests : OnSimulation
{
    protected override SimulationOptions Options => new() { Nodes = [new() { Name = "small", Cpu = 0.25m, Pods = 2 }] };

    [Test]
    public async Task PodsBeyondTheRoom_Wait_AndGoOnInTheirTurn()
    {
        await RunAsync("first");
        await RunAsync("second");
        await CreateAsync(Pod("third"));
        await CreateAsync(Pod("fourth"));
        await Eventually.BeAsync(() => Scheduled("fourth") != "", "the scheduler has looked at it");

        Assert.That(Scheduled("third"), Is.EqualTo("False 0/1 nodes are available: 1 Insufficient cpu, 1 Too many pods. "
            + "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."));

        Simulated.DeletePod(Namespace, "first");
        await PhaseAsync("third", "Running");
        Assert.That(Scheduled("fourth"), Does.StartWith("False"));

        Simulated.ExitContainer(Namespace, "second", 0);
        await PhaseAsync("fourth", "Running");
    }

    [Test]
    public async Task ANewNode_TakesWhatWaits()
    {
        await CreateAsync(Pod("big", cpu: "4"));
        await Eventually.BeAsync(() => Scheduled("big").Contains("Insufficient cpu"), "there is no room");

        Simulated.SetNode(new() { Name = "large", Cpu = 8 });

        await PhaseAsync("big", "Running");
        Assert.That(Simulated.FindPod(Namespace, "big")!.NodeName, Is.EqualTo("large"));
    }

    [Test]
    public async Task ATaint_IsToldUnlessTolerated()
    {
        Simulated.SetNode(new() { Name = "small", Taints = new Dictionary<string, string> { ["dedicated"] = "db" } });
        await CreateAsync(Pod("intolerant"));
        await Eventually.BeAsync(() => Scheduled("intolerant").Contains("untolerated taint {dedicated: db}"), "the taint is told");

        await CreateAsync(Pod("tolerant", change: spec => spec["tolerations"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["key"] = "dedicated", ["operator"] = "Exists" })));

        await PhaseAsync("tolerant", "Running");
    }

    [Test]
    public async Task APausedScheduler_LeavesPodsWithoutACondition()
    {
        Simulated.PauseScheduler();
        await CreateAsync(Pod("waits"));

        Assert.That((Scheduled("waits"), Simulated.FindPod(Namespace, "waits")!.NodeName), Is.EqualTo(("", (string?)null)));

        Simulated.PauseScheduler(false);
        await PhaseAsync("waits", "Running");
    }
}
