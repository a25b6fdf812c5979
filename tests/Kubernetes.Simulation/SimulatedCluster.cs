using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Access;
using ContainerGroups.Kubernetes.Simulation.Api;
using ContainerGroups.Kubernetes.Simulation.Exec;
using ContainerGroups.Kubernetes.Simulation.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>
/// A cluster in this process: an API server on a loopback port that answers as a real one does, for pods and what belongs to them,
/// and a scheduler and kubelets that take the pods through their life. What runs by exec runs as processes of this machine.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly SimulationOptions _options;
    private readonly Certificates _certificates = new();
    private readonly Accounts _accounts = new();
    private readonly Namespaces _namespaces = new();
    private readonly Timeline _timeline;
    private readonly PodStore _pods;
    private readonly Admission _admission;
    private readonly Scheduler _scheduler;
    private readonly Kubelet _kubelet;
    private readonly PodProcesses _processes = new();
    private readonly PodEndpoints _endpoints;
    private readonly ListPages _pages;
    private readonly ApiServer _server;
    private readonly string _directory;

    private SimulatedCluster(SimulationOptions options)
    {
        _options = options;
        _directory = options.Directory ?? Directory.CreateTempSubdirectory("cg-simulation-").FullName;
        _timeline = new(options.Clock);
        _pods = new(new WatchCache(options.WatchCacheSize));
        // What was before this cluster nobody knows any more.
        _pods.Changes.Compact(_pods.Version);
        Faults = new(options.Clock);
        var statuses = new PodStatuses(_pods, options);
        var events = new EventLog(_pods, options);
        _admission = new(_pods, _namespaces, _directory, options);
        _scheduler = new(_pods, statuses, _timeline, events, options);
        _kubelet = new(_pods, statuses, _timeline, _scheduler, _namespaces, Images, _processes, events, options);
        _scheduler.Bound = _kubelet.Take;
        _pods.Removed = Remove;
        _pages = new(_pods, options);
        _endpoints = new(_pods, _admission, _scheduler, _kubelet, _pages);
        var api = new ClusterApi(
            _accounts,
            Requests,
            Faults,
            _endpoints,
            new WatchEndpoint(_pods, Faults, Requests, options),
            new ExecEndpoint(_pods, _accounts, _kubelet, Images, options.Exec ?? new RealProcesses(_pods), Requests, options),
            new OtherEndpoints(_accounts, _namespaces, events, _pods, options),
            options);
        _server = new(_certificates, api.AnswerAsync, Requests);
    }

    /// <summary>The address of the API server, the same over restarts.</summary>
    public Uri Url => new($"https://127.0.0.1:{_server.Port}");

    public string AuthorityPem => _certificates.AuthorityPem;

    /// <summary>May do everything everywhere.</summary>
    public string AdminToken => _accounts.AdminToken;

    public RequestCounts Requests { get; } = new();

    public FaultPlan Faults { get; }

    public Images Images { get; } = new();

    /// <summary>All pods as they are now.</summary>
    public IReadOnlyList<PodView> Pods => [.. _pods.All().Select(pod => PodView.Of(pod, _pods))];

    public static async Task<SimulatedCluster> StartAsync(SimulationOptions? options = null)
    {
        var cluster = new SimulatedCluster(options ?? new());
        await cluster._server.StartAsync();
        return cluster;
    }

    public void AddNamespace(string name) => _namespaces.Add(name);

    /// <summary>A token of a service account that is made with its namespace where they are missing.</summary>
    public string ServiceAccountToken(string @namespace, string name, Role? role = null)
    {
        _namespaces.AddServiceAccount(@namespace, name);
        return _accounts.Issue(@namespace, name, role ?? Role.Seed);
    }

    /// <summary>Gives a service account another role, for all of its tokens and at once.</summary>
    public void SetRole(string @namespace, string name, Role role) => _accounts.SetRole(@namespace, name, role);

    public void ExpireToken(string token) => _accounts.Expire(token);

    public void AddConfigMap(string @namespace, string name, params string[] keys) => _namespaces.AddConfigMap(@namespace, name, keys);

    public void AddSecret(string @namespace, string name, params string[] keys) => _namespaces.AddSecret(@namespace, name, keys);

    /// <summary>Sets a quota by its <c>spec.hard</c>: <c>pods</c>, <c>requests.cpu</c>, …; null removes it.</summary>
    public void SetQuota(string @namespace, string name, IReadOnlyDictionary<string, string>? hard) => _namespaces.SetQuota(@namespace, name, hard);

    /// <summary>A validating webhook that is shown every pod; null takes it away.</summary>
    public void SetWebhook(string name, Func<JsonObject, WebhookDenial?>? ask)
    {
        if (ask is null)
        {
            _admission.Webhooks.TryRemove(name, out _);
        }
        else
        {
            _admission.Webhooks[name] = ask;
        }
    }

    /// <summary>Adds a node, or changes one: what waits for room or labels is looked at again.</summary>
    public void SetNode(SimulatedNode node) => _scheduler.Set(node);

    /// <summary>Pods stay as they were created until the scheduler runs again.</summary>
    public void PauseScheduler(bool pause = true) => _scheduler.Pause(pause);

    /// <summary>How long an image takes from now on.</summary>
    public TimeSpan ImagePullDelay
    {
        get => _kubelet.ImagePullDelay;
        set => _kubelet.ImagePullDelay = value;
    }

    /// <summary>How long a pod waits for the scheduler from now on.</summary>
    public TimeSpan SchedulingDelay
    {
        get => _scheduler.Delay;
        set => _scheduler.Delay = value;
    }

    public PodView? FindPod(string @namespace, string name) => _pods.Find(@namespace, name) is { } pod ? PodView.Of(pod, _pods) : null;

    /// <summary>Somebody deletes the pod by hand.</summary>
    public void DeletePod(string @namespace, string name, TimeSpan? grace = null)
    {
        var pod = Get(@namespace, name);
        _endpoints.Delete(pod, grace ?? Kubelet.GraceOf(pod));
    }

    /// <summary>The kubelet takes the pod away for want of something on its node.</summary>
    public void Evict(string @namespace, string name, string message = "The node was low on resource: memory. ") =>
        _kubelet.GiveUp(Get(@namespace, name), "Evicted", message, isEviction: true);

    /// <summary>The kernel ends the main container for its memory.</summary>
    public void KillForMemory(string @namespace, string name) => _kubelet.Exit(Get(@namespace, name), new("OOMKilled", 137));

    /// <summary>The main container ends by itself.</summary>
    public void ExitContainer(string @namespace, string name, int exitCode) => _kubelet.Exit(Get(@namespace, name), ContainerEnd.Of(exitCode));

    /// <summary>Nothing is heard from a node any more: what runs there runs on, and can't be reached.</summary>
    public void LoseNode(string node) => _kubelet.LoseNode(node);

    public void RecoverNode(string node) => _kubelet.RecoverNode(node);

    /// <summary>Forgets the changes so far: watches that resume, and lists that go on, get 410.</summary>
    public void CompactHistory()
    {
        _pods.Changes.Compact(_pods.NextVersion());
        _pages.Expire();
    }

    /// <summary>Cuts every connection; the server goes on listening.</summary>
    public void DropConnections() => _server.DropConnections();

    /// <summary>The API server is away until <see cref="StartServerAsync"/>; pods run on.</summary>
    public Task StopServerAsync() => _server.StopAsync();

    /// <summary>The API server is back on the same port, with everything it knew.</summary>
    public Task StartServerAsync() => _server.StartAsync();

    public async Task RestartServerAsync()
    {
        await StopServerAsync();
        await StartServerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        _timeline.Dispose();
        foreach (var pod in _pods.All())
        {
            _pods.Remove(pod);
        }

        await _server.DisposeAsync();
        _certificates.Dispose();
        if (_options.Directory is null)
        {
            Clear(_directory);
        }
    }

    private static void Clear(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // Whoever still writes there is none of the pod's processes: what is left goes with the machine's temporary files.
        }
    }

    private StoredPod Get(string @namespace, string name) => _pods.Find(@namespace, name)
        ?? throw new KeyNotFoundException($"There is no pod {@namespace}/{name}.");

    /// <summary>A removed pod leaves nothing behind: no process, no file, no room taken.</summary>
    private void Remove(StoredPod pod)
    {
        _processes.Kill(pod);
        _scheduler.Release(pod);
        Clear(pod.Directory);
    }
}
