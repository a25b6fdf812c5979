using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

public sealed class SpdyExecFacts(string kind) : ClusterFacts(kind)
{
    private string _pod = "";

    [SetUp]
    public async Task MakePodAsync() => await RunsAsync(await CreateAsync(Pod(_pod = "spdy-" + Guid.NewGuid().ToString("N")[..6])));

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
        await using var exec = await SpdyExec.OpenAsync(Cluster, _pod, false, "sh", "-c", "exit 3");
        var status = (await exec.EndAsync()).Status;

        Assert.That((string?)status["reason"], Is.EqualTo("NonZeroExitCode"));
        Assert.That((string?)status["message"], Is.EqualTo("command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3"));
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
    }

    [Test]
    public async Task APodThatIsNotThere_IsNotFound()
    {
        using var request = SpdyExec.Request(Cluster, RawExec.Path(Cluster, "ghost", ["true"], false));
        using var response = await Cluster.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"], Is.EqualTo("pods \"ghost\" not found"));
    }

    [Test]
    public async Task AMissingFile_IsToldByTheRuntime()
    {
        await using var exec = await SpdyExec.OpenAsync(Cluster, _pod, false, "/no/such/program");
        var status = (await exec.EndAsync()).Status;

        Assert.That((string?)status["message"], Does.EndWith("exec: \"/no/such/program\": stat /no/such/program: no such file or directory: unknown"));
        Assert.That(((string?)status["reason"], (int)status["code"]!), Is.EqualTo(("InternalError", 500)));
    }

    [Test]
    public async Task WhenTheClientGoes_StdinEnds_AndTheProcessGoesOn()
    {
        await using (var exec = await OpenAsync(true, "cat >/dev/null; sleep 0.2; echo went on > \"$1\""))
        {
            await exec.WriteAsync("x"u8.ToArray());
        }

        await using var look = await OpenAsync(false, "while [ ! -s \"$1\" ]; do sleep 0.1; done; cat \"$1\"");
        Assert.That((await look.EndAsync()).Text, Is.EqualTo("went on\n"));
    }

    [Test]
    public async Task WhenTheClientGoes_AProcessThatPrintsOn_WaitsForAReader()
    {
        await using (var exec = await OpenAsync(false, "echo begun; sleep 1; head -c 1000000 /dev/zero; echo went on > \"$1\""))
        {
            await Eventually.BeAsync(() => exec.Text == "begun\n", "it has begun");
        }

        await using var look = await OpenAsync(false, "sleep 3; [ -e \"$1\" ]");
        Assert.That((string?)(await look.EndAsync()).Status["status"], Is.EqualTo("Failure"));
    }

    [Test]
    public async Task AProcessThatLeavesItsStdin_IsNeverToldToHaveEnded()
    {
        await using var exec = await OpenAsync(true, "echo begun; sleep 1; exit 3");
        var writing = exec.WriteAsync(new byte[4 << 20]);

        await Eventually.BeAsync(() => exec.Text == "begun\n", "the process has written");
        await Task.WhenAny(exec.Ended, Task.Delay(TimeSpan.FromSeconds(3)));

        Assert.That((exec.Ended.IsCompleted, exec.HasStatus), Is.EqualTo((false, false)));
        await exec.DisposeAsync();
        await Task.WhenAny(writing);
    }

    [Test]
    public async Task ManyBytes_ComeInOrder()
    {
        await using var exec = await OpenAsync(false, "i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done");
        await exec.EndAsync();

        Assert.That(exec.Text, Is.EqualTo(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n"))));
    }

    private Task<SpdyExec> OpenAsync(bool stdin, string script) => SpdyExec.OpenAsync(Cluster, _pod, stdin, "sh", "-c", script, "sh", "/runner/left");
}
