using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

public sealed class SpdyExecFacts(string kind) : ClusterFacts(kind)
{
    private readonly string _pod = "spdy-" + Guid.NewGuid().ToString("N")[..6];

    [SetUp]
    public async Task MakePodAsync() => await RunsAsync(await CreateAsync(Pod(_pod)));

    [Test]
    public async Task OutputAndErrors_ComeApart_WithSuccessAtTheEnd()
    {
        await using var exec = await OpenAsync(false, "echo out; echo err >&2");
        await exec.EndAsync();

        Assert.That((exec.Text, System.Text.Encoding.UTF8.GetString(exec.Stderr)), Is.EqualTo(("out\n", "err\n")));
        Assert.That((string?)exec.Status["status"], Is.EqualTo("Success"));
    }

    [Test]
    public async Task ANonZeroExit_IsAFailureWithItsCode()
    {
        await using var exec = await OpenAsync(false, "exit 3");
        var status = (await exec.EndAsync()).Status;

        Assert.That((string?)status["reason"], Is.EqualTo("NonZeroExitCode"));
        Assert.That(status["details"]!["causes"]!.ToJsonString(), Is.EqualTo("""[{"reason":"ExitCode","message":"3"}]"""));
    }

    [Test]
    public async Task Stdin_IsReadToItsEnd_AfterAHalfClose()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        await using var exec = await OpenAsync(true, "sha256sum; echo done");
        for (var at = 0; at < bytes.Length; at += 70_000)
        {
            await exec.WriteAsync(bytes.AsMemory(at, Math.Min(70_000, bytes.Length - at)));
        }

        await exec.CloseStdinAsync();
        await exec.EndAsync();

        Assert.That(exec.Text, Is.EqualTo($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  -\ndone\n"));
    }

    [Test]
    public async Task ADetachedProcess_OutlivesItsExec_AndIsFollowedByOffset()
    {
        await using (var start = await SpdyExec.OpenAsync(Cluster, _pod, false, "sh", "-c",
            "setsid sh -c 'i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); sleep 0.1; done; touch \"$1.done\"' sh \"$1\" >\"$1\" 2>&1 </dev/null &", "sh", "/runner/spool"))
        {
            Assert.That((string?)(await start.EndAsync()).Status["status"], Is.EqualTo("Success"));
        }

        await using var follow = await SpdyExec.OpenAsync(Cluster, _pod, false, "sh", "-c",
            "while [ ! -e \"$1.done\" ]; do sleep 0.1; done; tail -c +8 \"$1\"", "sh", "/runner/spool");
        await follow.EndAsync();

        Assert.That(follow.Text, Is.EqualTo(string.Concat(Enumerable.Range(1, 19).Select(i => $"line {i}\n"))));
    }

    [Test]
    public async Task AMissingProgram_IsToldByTheRuntime()
    {
        await using var exec = await SpdyExec.OpenAsync(Cluster, _pod, false, "no-such-program");
        var status = (await exec.EndAsync()).Status;

        Assert.That((string?)status["message"], Does.Contain("exec: \"no-such-program\": executable file not found in $PATH"));
        TestContext.Out.WriteLine(status.ToJsonString());
    }

    [Test]
    public async Task APodThatIsNotThere_IsNotFound()
    {
        using var request = SpdyExec.Request(Cluster, RawExec.Path(Cluster, "ghost", ["true"], false));
        using var response = await Cluster.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"], Is.EqualTo("pods \"ghost\" not found"));
    }

    private Task<SpdyExec> OpenAsync(bool stdin, string script) => SpdyExec.OpenAsync(Cluster, _pod, stdin, "sh", "-c", script);
}
