using System.Net.Http.Headers;
using System.Net.Http.Json;
using ContainerGroups.Host.Dispatch;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>Pods that nobody owns.</summary>
internal sealed class PodSweepTests() : PodFixture(realTime: false)
{
    private const string Installation = "containergroups.io/installation";
    private const string Job = "containergroups.io/job";
    private const string Attempt = "containergroups.io/attempt";

    [Test]
    public async Task Sweep_TakesWhatBelongsToNoUnfinishedJob_AndNothingElse()
    {
        var job = await Rig.RunningAsync(PodJob.WaitsUntilReleased, await Rig.GroupAsync());
        var own = await Rig.PodOfAsync(job);
        await CreateAsync("of-a-deleted-job", own.Labels, (Job, "900001"));
        await CreateAsync("of-another-attempt", own.Labels, (Attempt, "7"));
        await CreateAsync("of-others", own.Labels, (Installation, "another"), (Job, "900001"));
        await CreateAsync("of-nobody", new Dictionary<string, string>());
        Rig.Hosts.Clock.Advance(TimeSpan.FromMinutes(5.5));
        await CreateAsync("young", own.Labels, (Job, "900002"));
        Rig.Hosts.Clock.Advance(TimeSpan.FromSeconds(10));

        // Each removal is waited for, which takes time.
        var sweep = Rig.Host.Get<EnvironmentSweeper>().SweepAsync(CancellationToken.None);
        await Rig.InTimeAsync(() => Task.FromResult(sweep.IsCompleted), () => "the sweep has ended");
        await sweep;

        Assert.That(Cluster.Pods.Select(pod => pod.Name), Is.EquivalentTo(new[] { own.Name, "of-others", "of-nobody", "young" }));
        job.Release();
        await Rig.AssertWellAsync(job, "waiting\nreleased\n");
    }

    private async Task CreateAsync(string name, IReadOnlyDictionary<string, string> labels, params (string Name, string Value)[] others)
    {
        var all = new Dictionary<string, string>(labels);
        foreach (var (label, value) in others)
        {
            all[label] = value;
        }

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler) { BaseAddress = Cluster.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Cluster.AdminToken);
        using var answer = await http.PostAsJsonAsync($"/api/v1/namespaces/{PodRig.Namespace}/pods", new
        {
            apiVersion = "v1",
            kind = "Pod",
            metadata = new { name, labels = all },
            spec = new { containers = new[] { new { name = "worker", image = "registry.test/any:1", command = new[] { "sh" } } } },
        });
        Assert.That((int)answer.StatusCode, Is.EqualTo(201), await answer.Content.ReadAsStringAsync());
    }
}
