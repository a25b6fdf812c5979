using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

public sealed class WebSocketFacts(string kind) : ClusterFacts(kind)
{
    private static readonly string[] Both = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    private readonly string _pod = "ws-" + Guid.NewGuid().ToString("N")[..6];

    [Test]
    public async Task WithTheSeedsRole_AWebSocketIsForbidden()
    {
        await AllowAsync("create");
        await RunsAsync(await CreateAsync(Pod(_pod)));

        await using var exec = await WebSocketExec.OpenAsync(Cluster, _pod, false, Both, "true");

        Assert.That(exec.Socket.HttpStatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task WithTheVerbGet_AWebSocketCarriesTheExec()
    {
        await AllowAsync("create", "get");
        await RunsAsync(await CreateAsync(Pod(_pod)));

        await using var exec = await WebSocketExec.OpenAsync(Cluster, _pod, false, Both, "sh", "-c", "echo out; echo err >&2; exit 4");
        await exec.EndAsync();

        Assert.That((exec.Text, System.Text.Encoding.UTF8.GetString(exec.Stderr)), Is.EqualTo(("out\n", "err\n")));
        Assert.That(exec.Status["details"]!["causes"]!.ToJsonString(), Is.EqualTo("""[{"reason":"ExitCode","message":"4"}]"""));
    }

    [Test]
    public async Task ReadByLength_StdinNeedsNoEnd()
    {
        await AllowAsync("create", "get");
        await RunsAsync(await CreateAsync(Pod(_pod)));

        await using var exec = await WebSocketExec.OpenAsync(Cluster, _pod, true, Both, "sh", "-c", "head -c 5");
        await exec.WriteAsync("hello"u8.ToArray());
        await exec.EndAsync();

        Assert.That(exec.Text, Is.EqualTo("hello"));
    }

    private async Task AllowAsync(params string[] verbs)
    {
        await Cluster.Admin.SetExecVerbsAsync(verbs);
        await Eventually.BeAsync(async () => await MayGetAsync() == verbs.Contains("get"), "the role is in force");
    }

    private async Task<bool> MayGetAsync()
    {
        var review = await Cluster.SendAsync(HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject
                {
                    ["namespace"] = Cluster.Namespace,
                    ["verb"] = "get",
                    ["resource"] = "pods",
                    ["subresource"] = "exec",
                },
            },
        });
        return (bool)review.Json["status"]!["allowed"]!;
    }
}
