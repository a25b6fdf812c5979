using System.Net;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests;

public sealed class WebSocketFacts(string kind) : ClusterFacts(kind)
{
    private static readonly string[] Both = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    private readonly string _pod = "ws-" + Guid.NewGuid().ToString("N")[..6];

    [Test]
    public async Task WithTheSeedsRole_AWebSocketIsForbidden()
    {
        Simulated?.SetRole(Cluster.Namespace, "awx", Role.Seed);
        await RunsAsync(await CreateAsync(Pod(_pod)));

        await using var exec = await WebSocketExec.OpenAsync(Cluster, _pod, false, Both, "true");

        Assert.That(exec.Socket.HttpStatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task WithTheVerbGet_AWebSocketCarriesTheExec()
    {
        await AllowAsync();
        await RunsAsync(await CreateAsync(Pod(_pod)));

        await using var exec = await WebSocketExec.OpenAsync(Cluster, _pod, false, Both, "sh", "-c", "echo out; echo err >&2; exit 4");
        await exec.EndAsync();

        Assert.That((exec.Text, System.Text.Encoding.UTF8.GetString(exec.Stderr)), Is.EqualTo(("out\n", "err\n")));
        Assert.That(exec.Status["details"]!["causes"]!.ToJsonString(), Is.EqualTo("""[{"reason":"ExitCode","message":"4"}]"""));
    }

    [Test]
    public async Task ReadByLength_StdinNeedsNoEnd()
    {
        await AllowAsync();
        await RunsAsync(await CreateAsync(Pod(_pod)));

        await using var exec = await WebSocketExec.OpenAsync(Cluster, _pod, true, Both, "sh", "-c", "head -c 5");
        await exec.WriteAsync("hello"u8.ToArray());
        await exec.EndAsync();

        Assert.That(exec.Text, Is.EqualTo("hello"));
    }

    private Task AllowAsync()
    {
        Simulated?.SetRole(Cluster.Namespace, "awx", Role.Seed.With("get", "pods/exec"));
        return Task.CompletedTask;
    }
}
