using System.Diagnostics;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;
using ContainerGroups.Kubernetes.Backend;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.PodSpecs;

namespace ContainerGroups.Benchmarks.Pods;

/// <summary>
/// The same pod without a server: created, watched until its worker runs, executed in, deleted. By the plugin's own client of the API, which,
/// unlike kubectl, has no process of its own to start for each step.
/// </summary>
internal sealed class BareClient : IDisposable
{
    private const string Installation = "bare-client";

    private readonly SocketsHttpHandler _connections;
    private readonly KubernetesApi _api;
    private readonly ExecTransport _execs = new(TimeProvider.System);
    private readonly string _namespace;
    private readonly string _podSpec;
    private int _made;

    public BareClient(BenchNamespace place, string podSpec)
    {
        (_namespace, _podSpec) = (place.Name, podSpec);
        _connections = ClusterConnections.Open(new ClusterAddress(place.Server, place.Authority, VerifyTls: true));
        _api = new KubernetesApi(new Uri(place.Server, "/"), _connections, new FixedToken(place.Token), TimeProvider.System);
    }

    /// <summary>From the pod's creation to the end of the command in it, in milliseconds; the pod is gone when this returns.</summary>
    public Task<double> RunAsync(params string[] command) => RunAsync(command, async session =>
    {
        var answer = await PodExecs.ReadAllAsync(session, CancellationToken.None);
        if (answer.ExitCode != 0)
        {
            throw new InvalidOperationException($"The command ended with {answer.ExitCode}: {answer.Error}");
        }
    });

    /// <summary>Reads what a command prints and keeps nothing of it: the bytes, and the time from the first one to the last.</summary>
    public async Task<(long Bytes, TimeSpan Took)> ReadAsync(params string[] command)
    {
        var (bytes, first, last) = (0L, 0L, 0L);
        await RunAsync(command, async session =>
        {
            while (await session.ReadAsync(CancellationToken.None) is { } frame)
            {
                first = first == 0 ? Stopwatch.GetTimestamp() : first;
                bytes += frame.Data.Length;
                last = Stopwatch.GetTimestamp();
            }
        });
        return (bytes, Stopwatch.GetElapsedTime(first, last));
    }

    /// <summary>No pod of anybody is left in the namespace: the next round has the node to itself.</summary>
    public async Task UntilEmptyAsync()
    {
        while ((await _api.ListPodsAsync(_namespace, "", CancellationToken.None)).Pods.Count > 0)
        {
            await Task.Delay(50);
        }
    }

    public void Dispose() => _connections.Dispose();

    private async Task<double> RunAsync(string[] command, Func<ExecSession, Task> read)
    {
        var pod = PodSpecBuilder.Build(new PodSpecRequest { InstallationId = Installation, JobId = ++_made, Attempt = 1, Override = _podSpec });
        var began = Stopwatch.GetTimestamp();
        var made = await _api.CreatePodAsync(_namespace, pod.Pod, CancellationToken.None);
        await UntilRunningAsync(made, pod.WorkerContainer);
        await using (var session = await _execs.OpenAsync(_api, _namespace, pod.Name, pod.WorkerContainer, command, stdin: false, CancellationToken.None))
        {
            await read(session);
        }

        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await _api.DeletePodAsync(_namespace, pod.Name, made.Uid, grace: null, CancellationToken.None);
        await UntilEmptyAsync();
        return took;
    }

    private async Task UntilRunningAsync(Pod made, string container)
    {
        await foreach (var change in _api.WatchPodsAsync(_namespace, PodIdentity.Selector(Installation), made.ResourceVersion, CancellationToken.None))
        {
            if (change.Pod?.ContainerStatuses.Any(status => status.Name == container && status.State.Running is not null) == true)
            {
                return;
            }
        }

        throw new InvalidOperationException("The watch ended before the pod ran.");
    }
}
