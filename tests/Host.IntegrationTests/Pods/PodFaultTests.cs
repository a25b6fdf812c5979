using ContainerGroups.Host.Storage;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>Everything that goes wrong between the host and its cluster and passes: the job ends as if nothing had happened.</summary>
internal sealed class PodFaultTests : PodFixture
{
    [Test]
    public async Task ConnectionsCutAgainAndAgain()
    {
        var job = await RunningAsync();
        for (var cut = 0; cut < 5; cut++)
        {
            var stored = (await Rig.Hosts.FindAsync(job.Id)).SpoolOffset;
            Cluster.DropConnections();
            await Rig.UntilAsync(job, row => row.SpoolOffset > stored, "more of its output is stored");
        }

        job.Release();

        await Rig.AssertWellAsync(job, PodJob.Numbers);
    }

    [Test]
    public async Task ServerAwayForAWhile()
    {
        var job = await RunningAsync();
        await Cluster.StopServerAsync();
        var away = await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it is told that the cluster can't be reached");
        job.Release();
        await Cluster.StartServerAsync();

        await Rig.AssertWellAsync(job, PodJob.Numbers);
        Assert.That(away.JobExplanation, Does.Contain("Connection refused"));
    }

    [Test]
    public async Task ServerAwayWhileJobsAreLaunched()
    {
        var group = await Rig.GroupAsync();
        await Cluster.StopServerAsync();
        var job = await Rig.LaunchAsync("seq 1 5000", group);
        await Rig.UntilAsync(job, row => row.Status == JobStatuses.Waiting, "it is claimed");
        await Cluster.StartServerAsync();

        await Rig.AssertWellAsync(job, PodJob.Numbers);
    }

    [Test]
    public async Task TooManyRequests([Values] bool whileItRuns) => await WithAsync(Fault.TooManyRequests(TimeSpan.FromSeconds(1)), 3, whileItRuns);

    [Test]
    public async Task InternalErrors([Values] bool whileItRuns) => await WithAsync(Fault.InternalError(), 5, whileItRuns);

    [Test]
    public async Task Unavailable([Values] bool whileItRuns) => await WithAsync(Fault.Unavailable(), 5, whileItRuns);

    [Test]
    public async Task CutBeforeEachKindOfRequest(
        [Values(RequestKind.Create, RequestKind.Get, RequestKind.List, RequestKind.Watch, RequestKind.Exec, RequestKind.Delete)] RequestKind kind) =>
        await RunAsync(kind, Fault.CutBefore);

    [Test]
    public async Task AnswerLost([Values(RequestKind.Create, RequestKind.List, RequestKind.Watch, RequestKind.Exec, RequestKind.Delete)] RequestKind kind) =>
        await RunAsync(kind, Fault.LoseAnswer);

    [TestCase(10)]
    [TestCase(200)]
    [TestCase(1000)]
    [TestCase(10_000)]
    public async Task ExecCutAfterSomeOfTheOutput(long bytes) => await RunAsync(RequestKind.Exec, Fault.CutAfter(bytes));

    [TestCase(100)]
    [TestCase(5000)]
    [TestCase(10_000)]
    public async Task ExecCutAfterSomeOfThePayload(long bytes) => await RunAsync(RequestKind.Exec, Fault.CutAfterReceiving(bytes));

    [Test]
    public async Task WatchClosedAndTooOldWhileThePodWaits()
    {
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync(Worker(""" "resources":{"requests":{"cpu":"2000000"}} """)));
        await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it waits for room");

        Cluster.Faults.CloseWatches();
        Cluster.CompactHistory();
        Cluster.SetNode(new SimulatedNode { Name = "node-1", Cpu = 10_000_000 });

        await Rig.AssertWellAsync(job, "here\n");
    }

    private async Task<PodJob> RunningAsync()
    {
        var job = await Rig.RunningAsync(PodJob.PrintsUntilReleased, await Rig.GroupAsync());
        await Rig.UntilAsync(job, row => row.SpoolOffset > 0, "some of its output is stored");
        return job;
    }

    /// <summary>The next requests are answered so, whatever they are.</summary>
    private async Task WithAsync(Fault fault, int count, bool whileItRuns)
    {
        if (!whileItRuns)
        {
            var group = await Rig.GroupAsync();
            Cluster.Faults.Add(null, fault, count);
            await Rig.AssertWellAsync(await Rig.LaunchAsync("seq 1 5000", group), PodJob.Numbers);
            return;
        }

        var job = await RunningAsync();
        Cluster.Faults.Add(null, fault, count);
        Cluster.DropConnections();
        job.Release();
        await Rig.AssertWellAsync(job, PodJob.Numbers);
    }

    /// <summary>A whole job, of whose requests the first one of a kind meets the fault.</summary>
    private async Task RunAsync(RequestKind kind, Fault fault)
    {
        var group = await Rig.GroupAsync();
        // A watch goes on for many jobs: this one has to begin anew.
        Cluster.Faults.Add(kind, fault);
        Cluster.Faults.CloseWatches();

        await Rig.AssertWellAsync(await Rig.LaunchAsync("seq 1 5000", group), PodJob.Numbers);
    }
}
