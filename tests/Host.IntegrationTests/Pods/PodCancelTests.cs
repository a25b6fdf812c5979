using ContainerGroups.Host.Storage;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>A user's wish to end a job, wherever its pod is on its way.</summary>
internal sealed class PodCancelTests : PodFixture
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Test]
    public async Task WithoutANode_IsCanceled_AndDeletedAtOnce()
    {
        var job = await Rig.LaunchAsync("true", await Rig.GroupAsync(Worker(""" "resources":{"requests":{"cpu":"2000000"}} """)));
        await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it waits for room");

        await CanceledAsync(job, starts: 0);
    }

    [Test]
    public async Task WhileItsImageIsPulled_IsCanceled_AndDeletedAtOnce()
    {
        Cluster.ImagePullDelay = TimeSpan.FromHours(1);
        var job = await Rig.LaunchAsync("true", await Rig.GroupAsync());
        await Rig.PodOfAsync(job, pod => pod.NodeName is not null);

        await CanceledAsync(job, starts: 0);
    }

    [Test]
    public async Task Running_IsCanceled_AndDeletedAtOnce()
    {
        var job = await Rig.RunningAsync(PodJob.WaitsUntilReleased, await Rig.GroupAsync());
        await Rig.UntilAsync(job, row => row.SpoolOffset > 0, "its first words are stored");

        await CanceledAsync(job, starts: 1);

        Assert.That(await Rig.OutputAsync(job), Is.EqualTo("waiting\n"));
    }

    [Test]
    public async Task Finishing_IsCanceled_WithTheWholeOutput()
    {
        var group = await Rig.GroupAsync();
        Cluster.Faults.Add(RequestKind.Exec, Fault.StallAfter(1000));
        var job = await Rig.RunningAsync("seq 1 5000; touch \"$0.printed\"", group);
        await Rig.Hosts.EventuallyAsync(() => File.Exists(job.Mark + ".printed"), "the program has ended");

        var before = Cluster.Requests[RequestKind.Exec];
        var canceling = Rig.CancelAsync(job);
        await Rig.Hosts.EventuallyAsync(() => Cluster.Requests[RequestKind.Exec] > before, "its end is asked for");
        Cluster.Faults.EndStalls();

        Assert.That(await canceling, Is.LessThan(TimeSpan.FromSeconds(5)));
        var row = await Rig.DoneAsync(job);
        Assert.That(row.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(await Rig.OutputAsync(job), Is.EqualTo(PodJob.Numbers));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }

    [Test]
    public async Task WhileTheClusterIsAway_IsCanceled_AndDeletedWhenItIsBack()
    {
        var job = await Rig.LaunchAsync("true", await Rig.GroupAsync(Worker(""" "resources":{"requests":{"cpu":"2000000"}} """)));
        await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it waits for room");
        await Cluster.StopServerAsync();

        using (var admin = Rig.Host.Admin())
        {
            await admin.PostAsync($"jobs/{job.Id}/cancel/", "");
        }

        var row = await Rig.Hosts.EndedAsync(job.Id);
        await Cluster.StartServerAsync();
        await Rig.DoneAsync(job);
        Assert.That(row.Status, Is.EqualTo(JobStatuses.Canceled));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }

    private async Task CanceledAsync(PodJob job, int starts)
    {
        var heard = await Rig.CancelAsync(job);
        var row = await Rig.DoneAsync(job);

        Assert.That(heard, Is.LessThan(Soon));
        Assert.That((row.Status, row.Attempt, job.Starts), Is.EqualTo((JobStatuses.Canceled, 1, starts)));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }
}
