using ContainerGroups.Host.Storage;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>Every way in which a pod does not get so far that its job runs: said in Kubernetes' own words, at once where it is for good.</summary>
internal sealed class PodStartFailureTests : PodFixture
{
    private const string MuchCpu = """ "resources":{"requests":{"cpu":"2000000"}} """;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    [TestCase("\"image\":\"registry.test/none:1\"", "registry.test/none:1: not found")]
    [TestCase("\"image\":\"registry.test/shellless:1\"", "executable file not found")]
    [TestCase("\"envFrom\":[{\"configMapRef\":{\"name\":\"absent\"}}]", "configmap \"absent\" not found")]
    [TestCase("\"envFrom\":[{\"secretRef\":{\"name\":\"absent\"}}]", "secret \"absent\" not found")]
    public Task WorkerThatCanNeverRun_IsAnErrorAtOnce(string members, string words)
    {
        Cluster.Images.Refuse("registry.test/none:1");
        Cluster.Images.HasNoShell("registry.test/shellless:1");
        return FailsAtOnceAsync(Worker(members), words);
    }

    [TestCase("""{"serviceAccountName":"absent"}""", "error looking up service account containergroup/absent")]
    [TestCase("""{"nodeSelector":{"no-such-label":"x"}}""", "didn't match Pod's node affinity/selector")]
    public Task PodThatIsNotTaken_IsAnErrorAtOnce(string spec, string words) => FailsAtOnceAsync(spec, words);

    [Test]
    public async Task PodThatAWebhookDenies_IsAnErrorAtOnce()
    {
        Cluster.SetWebhook("policy.test", _ => new WebhookDenial("no pods on Sundays", 403));
        try
        {
            await FailsAtOnceAsync("", "admission webhook \"policy.test\" denied the request: no pods on Sundays");
        }
        finally
        {
            Cluster.SetWebhook("policy.test", null);
        }
    }

    [Test]
    public async Task NamespaceOfOthers_IsAnErrorAtOnce_AndNamesThePermission()
    {
        var job = await Rig.LaunchAsync("true", await Rig.GroupAsync(@namespace: "others"));

        var row = await Rig.Hosts.EndedAsync(job.Id);

        Assert.That(row.Status, Is.EqualTo(JobStatuses.Error));
        Assert.That(row.JobExplanation, Does.Contain("create pods").And.Contain("namespace others"));
    }

    [Test]
    public async Task Quota_IsWaitedFor_WithTheReasonShown()
    {
        Cluster.SetQuota(PodRig.Namespace, "quota", new Dictionary<string, string> { ["pods"] = "1" });
        var group = await Rig.GroupAsync();
        var first = await Rig.RunningAsync(PodJob.WaitsUntilReleased, group);
        var second = await Rig.LaunchAsync("echo here", group);

        var waiting = await Rig.UntilAsync(second, row => row is { Status: JobStatuses.Pending, JobExplanation.Length: > 0 }, "it is refused");
        first.Release();

        Assert.That(waiting.JobExplanation, Does.Contain("exceeded quota: quota, requested: pods=1, used: pods=1, limited: pods=1"));
        await Rig.AssertWellAsync(first, "waiting\nreleased\n");
        await Rig.AssertWellAsync(second, "here\n");
    }

    [Test]
    public async Task NoRoom_IsWaitedFor_AndThePodStays()
    {
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync(Worker(MuchCpu)));
        var waiting = await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it says for what it waits");
        var pod = await Rig.PodOfAsync(job);

        Cluster.SetNode(new SimulatedNode { Name = "node-1", Cpu = 10_000_000 });

        await Rig.AssertWellAsync(job, "here\n");
        Assert.That((waiting.Status, pod.Phase), Is.EqualTo((JobStatuses.Waiting, "Pending")));
        Assert.That(waiting.JobExplanation, Does.Contain("Insufficient cpu"));
        Assert.That((await Rig.Hosts.FindAsync(job.Id)).Attempt, Is.EqualTo(1));
    }

    [Test]
    public async Task NoRoomForAWhile_IsLookedForInTheNextGroup()
    {
        var free = await Rig.GroupAsync();
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync(Worker(MuchCpu)), free);

        await Rig.AssertWellAsync(job, "here\n");

        var row = await Rig.Hosts.FindAsync(job.Id);
        Assert.That((row.InstanceGroupId, row.Attempt), Is.EqualTo((free, 2)));
        Assert.That(row.Started - row.Created, Is.GreaterThan(TimeSpan.FromSeconds(1)));
    }

    [TestCase("evicted")]
    [TestCase("deleted")]
    public async Task TakenAwayBeforeTheStart_GetsAnotherPod(string how)
    {
        Cluster.ImagePullDelay = TimeSpan.FromHours(1);
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync());
        await TakeAwayAsync(job, how, attempt: 1);

        var second = await Rig.PodOfAsync(job, pod => AttemptOf(pod) == 2 && pod.Json["status"]?["containerStatuses"] is not null);
        Cluster.ImagePullDelay = TimeSpan.Zero;
        await TakeAwayAsync(job, how, attempt: 2);

        await Rig.AssertWellAsync(job, "here\n");
        Assert.That(second.Phase, Is.EqualTo("Pending"));
        Assert.That((await Rig.Hosts.FindAsync(job.Id)).Attempt, Is.EqualTo(3));
    }

    [Test]
    public async Task EvictedThreeTimesBeforeTheStart_IsAnError()
    {
        Cluster.ImagePullDelay = TimeSpan.FromHours(1);
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync());

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await TakeAwayAsync(job, "evicted", attempt);
        }

        var row = await Rig.DoneAsync(job);
        Assert.That((row.Status, row.Attempt, job.Starts), Is.EqualTo((JobStatuses.Error, 3, 0)));
        Assert.That(row.JobExplanation, Does.Contain("Evicted: The node was low on resource: memory."));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }

    [Test]
    public async Task TokenThatHasExpired_KeepsTheJobInTheQueue_UntilThereIsAnother()
    {
        Cluster.ExpireToken(Rig.CurrentToken);
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync());
        var waiting = await Rig.UntilAsync(job, row => row is { Status: JobStatuses.Pending, JobExplanation.Length: > 0 }, "it is refused");

        await Rig.ChangeTokenAsync(Cluster.ServiceAccountToken(PodRig.Namespace, PodRig.Account));

        await Rig.AssertWellAsync(job, "here\n");
        Assert.That(waiting.JobExplanation, Does.Contain("Unauthorized").And.Contain("token"));
    }

    [Test]
    public async Task TokenThatIsReplacedWhileThePodWaits_IsNotWaitedWithForEver()
    {
        var job = await Rig.LaunchAsync("echo here", await Rig.GroupAsync(Worker(MuchCpu)));
        await Rig.UntilAsync(job, row => row.JobExplanation.Length > 0, "it says for what it waits");
        var former = Rig.CurrentToken;

        await Rig.ChangeTokenAsync(Cluster.ServiceAccountToken(PodRig.Namespace, PodRig.Account));
        Cluster.ExpireToken(former);
        Cluster.DropConnections();
        await Rig.UntilAsync(job, row => row.Attempt > 1, "it is tried again");
        Cluster.SetNode(new SimulatedNode { Name = "node-1", Cpu = 10_000_000 });

        await Rig.AssertWellAsync(job, "here\n");
    }

    private async Task FailsAtOnceAsync(string spec, string words)
    {
        var job = await Rig.LaunchAsync("true", await Rig.GroupAsync(spec), await Rig.GroupAsync());

        var row = await Rig.DoneAsync(job);

        Assert.That((row.Status, row.Attempt, job.Starts), Is.EqualTo((JobStatuses.Error, 1, 0)), row.JobExplanation);
        Assert.That(row.JobExplanation, Does.Contain(words));
        Assert.That(row.Finished - row.Created, Is.LessThan(AtOnce));
        Assert.That(Rig.PodsOf(job), Is.Empty);
    }

    private async Task TakeAwayAsync(PodJob job, string how, int attempt)
    {
        var pod = await Rig.PodOfAsync(job, pod => AttemptOf(pod) == attempt && pod.NodeName is not null);
        if (how == "evicted")
        {
            Cluster.Evict(pod.Namespace, pod.Name);
        }
        else
        {
            Cluster.DeletePod(pod.Namespace, pod.Name);
        }
    }

    private static int AttemptOf(PodView pod) => int.Parse(pod.Labels["containergroups.io/attempt"]);
}
