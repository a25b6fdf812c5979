using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.IntegrationTests.Credentials;
using ContainerGroups.Host.IntegrationTests.Dispatch;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using ContainerGroups.Kubernetes.Simulation;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>An installation with container groups in a simulated cluster, where it may do what the documentation's Role allows.</summary>
internal sealed class PodRig : IAsyncDisposable
{
    public const string Namespace = "containergroup";
    public const string Account = "containergroup-service-account";

    private const string JobLabel = "containergroups.io/job";

    private readonly TemporaryDirectory _marks = new();
    private DispatchHost? _host;
    private Fuse? _fuse;
    private int _jobs;

    private PodRig(DispatchRig hosts, SimulatedCluster cluster)
    {
        (Hosts, Cluster) = (hosts, cluster);
        CurrentToken = Token = cluster.ServiceAccountToken(Namespace, Account);
    }

    public DispatchRig Hosts { get; }

    public SimulatedCluster Cluster { get; }

    /// <summary>What the credential was made with.</summary>
    public string Token { get; }

    /// <summary>What the credential holds now.</summary>
    public string CurrentToken { get; private set; }

    /// <summary>The one that was started last.</summary>
    public DispatchHost Host => _host ?? throw new InvalidOperationException("No host was started.");

    public long Credential { get; private set; }

    /// <param name="kind">Where the hosts keep their rows.</param>
    /// <param name="realTime">Whether hosts and cluster live by the real clock, with short delays; else by one that stands still.</param>
    /// <param name="options">Of the cluster.</param>
    public static async Task<PodRig> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite, bool realTime = true, SimulationOptions? options = null)
    {
        var hosts = await DispatchRig.CreateAsync(kind, realTime);
        var rig = new PodRig(hosts, await SimulatedCluster.StartAsync((options ?? new SimulationOptions()) with { Clock = hosts.HostClock }));
        hosts.Settings["Plugins:Directories:0"] = BuiltInPlugins.Directory;
        hosts.Settings["SecretKeyFile"] = rig._marks.File("secret.key");
        if (realTime)
        {
            hosts.Settings["Dispatch:RetryDelay"] = "00:00:00.1";
            hosts.Settings["Dispatch:MaxRetryDelay"] = "00:00:00.5";
            hosts.Settings["Dispatch:FallbackAfter"] = "00:00:01";
        }

        return rig;
    }

    /// <summary>Starts a host; the first one is given the credential.</summary>
    public async Task<DispatchHost> StartHostAsync(string name = "alpha")
    {
        _host = await Hosts.StartHostAsync(name);
        if (Credential == 0)
        {
            using var admin = _host.Admin();
            Credential = await new CredentialApi(admin).MakeAsync("kubernetes_bearer_token", Inputs(Token));
        }

        return _host;
    }

    /// <summary>From now on everything that the last host asks the cluster to do is a step of its fuse, before it is done and after.</summary>
    public void CountRequests()
    {
        _fuse = Host.Fuse;
        Cluster.Faults.Interpose = moment =>
        {
            // What only looks has no effect: to die before it is to die after what was done last.
            if (moment.Kind is RequestKind.Create or RequestKind.Delete or RequestKind.Exec)
            {
                _fuse?.Step($"{(moment.IsAnswered ? "after" : "before")} {moment.Kind}");
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>As <c>kill -9</c>, and as a kernel that closes the connections of the dead.</summary>
    public async Task KillHostAsync()
    {
        await Host.KillAsync();
        Cluster.DropConnections();
        _fuse = null;
    }

    /// <summary>Puts another token into the credential, as an administrator does.</summary>
    public async Task ChangeTokenAsync(string token)
    {
        using var admin = Host.Admin();
        var answer = await admin.PatchAsync($"credentials/{Credential}/", JsonSerializer.Serialize(new { inputs = Inputs(token) }));
        Assert.That((int)answer.Status, Is.EqualTo(200), answer.Text);
        CurrentToken = token;
    }

    /// <param name="spec">The <c>spec</c> of its override, as JSON; empty for none.</param>
    /// <param name="settings">Of its backend, as JSON.</param>
    /// <param name="namespace">Where its pods are.</param>
    public async Task<long> GroupAsync(string spec = "", string settings = "{}", string @namespace = Namespace)
    {
        using var admin = Host.Admin();
        var pod = $$"""{"metadata":{"namespace":"{{@namespace}}"},"spec":{{(spec.Length > 0 ? spec : "{}")}}}""";
        return await admin.CreateAsync("instance_groups/", JsonSerializer.Serialize(new
        {
            name = $"pods {Guid.NewGuid():N}",
            is_container_group = true,
            credential = Credential,
            pod_spec_override = pod,
            backend_settings = JsonSerializer.Deserialize<JsonElement>(settings),
        }));
    }

    /// <param name="script">What the job does, for <c>sh</c>; <c>$0</c> is its own file outside of the pod.</param>
    /// <param name="groups">Where it may run, in order.</param>
    public async Task<PodJob> LaunchAsync(string script, params long[] groups)
    {
        var mark = _marks.File($"job-{++_jobs}");
        var job = new Job
        {
            Name = mark,
            JobType = JobTypes.Command,
            Command = JsonSerializer.Serialize(new[] { "sh", "-c", $"echo started >>\"$0\"; {script}", mark }),
        };
        await Host.Get<JobLauncher>().LaunchAsync(job, groups, GivenPasswords.None, new FieldErrors(), CancellationToken.None);
        return new PodJob(job.Id, mark);
    }

    /// <summary>The mark of the job that was launched last, whether or not that went well.</summary>
    public string LastMark => _marks.File($"job-{_jobs}");

    public async Task<PodJob> RunningAsync(string script, params long[] groups)
    {
        var job = await LaunchAsync(script, groups);
        await UntilAsync(job, row => row.Status == JobStatuses.Running, "it runs");
        return job;
    }

    public Task<Job> UntilAsync(PodJob job, Func<Job, bool> condition, string what) => Hosts.UntilAsync(job.Id, condition, what);

    /// <summary>The same where it takes time.</summary>
    public async Task<Job> InTimeAsync(PodJob job, Func<Job, bool> condition, string what)
    {
        var row = await Hosts.FindAsync(job.Id);
        await InTimeAsync(
            async () => condition(row = await Hosts.FindAsync(job.Id)), () => $"{what}: job {job.Id} is {row.Status}, '{row.JobExplanation}'");
        return row;
    }

    /// <summary>Waits; a clock that stands still is moved meanwhile, ten times as fast as a real one.</summary>
    public async Task InTimeAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var (watch, passed) = (Stopwatch.StartNew(), TimeSpan.Zero);
        await Hosts.EventuallyAsync(
            async () =>
            {
                var due = (watch.Elapsed * 10) - passed;
                if (Hosts.HostClock == Hosts.Clock && due >= TimeSpan.FromSeconds(1))
                {
                    Hosts.Clock.Advance(due);
                    passed += due;
                }

                return await condition();
            },
            what);
    }

    /// <summary>Waits until a job has ended and nothing of it is left to do.</summary>
    public Task<Job> DoneAsync(PodJob job) =>
        InTimeAsync(job, row => JobStateMachine.IsFinal(row.Status) && !row.DestroyPending, "it has ended and its pod is gone");

    public IReadOnlyList<PodView> PodsOf(PodJob job) => [.. Cluster.Pods.Where(pod => pod.Labels.GetValueOrDefault(JobLabel) == $"{job.Id}")];

    public async Task<PodView> PodOfAsync(PodJob job, Func<PodView, bool>? condition = null)
    {
        PodView? pod = null;
        await Hosts.EventuallyAsync(
            () => (pod = PodsOf(job).SingleOrDefault()) is not null && (condition is null || condition(pod)), $"job {job.Id} has such a pod");
        return pod!;
    }

    public async Task<string> OutputAsync(PodJob job) => Encoding.UTF8.GetString(await Hosts.OutputAsync(job.Id));

    /// <summary>Asks for the end of a job as a user does, and tells how long the cluster took to hear of it in the form of a deletion.</summary>
    public async Task<TimeSpan> CancelAsync(PodJob job)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Faults.Interpose = moment =>
        {
            if (moment.Kind == RequestKind.Delete)
            {
                heard.TrySetResult();
            }

            return Task.CompletedTask;
        };
        using var admin = Host.Admin();
        var watch = Stopwatch.StartNew();
        var answer = await admin.PostAsync($"jobs/{job.Id}/cancel/", "");
        Assert.That((int)answer.Status, Is.EqualTo(202), answer.Text);
        await Eventually.EndAsync(heard.Task, "the deletion of the pod is asked for");
        return watch.Elapsed;
    }

    /// <summary>As if nothing had happened: the program ran once, all of its output is here, and no pod is left.</summary>
    public async Task AssertWellAsync(PodJob job, string output, string when = "")
    {
        var row = await DoneAsync(job);
        Assert.That((row.Status, row.JobExplanation, row.ExitCode), Is.EqualTo((JobStatuses.Successful, "", 0)), when);
        Assert.That(job.Starts, Is.EqualTo(1), when);
        Assert.That(await OutputAsync(job), Is.EqualTo(output), when);
        Assert.That(PodsOf(job), Is.Empty, when);
    }

    public async ValueTask DisposeAsync()
    {
        await Hosts.DisposeAsync();
        await Cluster.DisposeAsync();
        _marks.Dispose();
    }

    private object Inputs(string token) => new
    {
        host = Cluster.Url.ToString(),
        bearer_token = token,
        verify_ssl = true,
        ssl_ca_cert = Cluster.AuthorityPem,
    };
}
