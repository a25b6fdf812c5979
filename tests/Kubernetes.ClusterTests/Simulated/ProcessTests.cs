using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Kubernetes.ClusterTests.Simulated;

public sealed class ProcessTests : OnSimulation
{
    [Test]
    public async Task RemovedPods_LeaveNoProcessAndNoFile()
    {
        await RunAsync("gone");
        await RunAsync("stays");
        foreach (var name in new[] { "gone", "stays" })
        {
            await using var exec = await ExecAsync(name, false, "sh", "-c", "setsid env -i sleep 1000 >/dev/null 2>&1 </dev/null & setsid sh -c 'sleep 1000' >\"$1\" 2>&1 </dev/null &", "sh", "/runner/out");
            await exec.EndAsync();
        }

        var (gone, stays) = (Simulated.FindPod(Namespace, "gone")!, Simulated.FindPod(Namespace, "stays")!);
        await Eventually.BeAsync(() => gone.LiveProcesses > 0 && stays.LiveProcesses > 0 && File.Exists(Path.Combine(gone.Directory, "out")), "they run");

        Simulated.DeletePod(Namespace, "gone", TimeSpan.Zero);

        Assert.That((gone.LiveProcesses, Directory.Exists(gone.Directory)), Is.EqualTo((0, false)));
        Assert.That(stays.LiveProcesses, Is.GreaterThan(0));
    }

    [Test]
    public async Task TheContainersEnvironment_IsThere_AndNothingOfOurs()
    {
        await RunAsync("env");

        await using var exec = await ExecAsync("env", false, "env");
        await exec.EndAsync();

        Assert.That(exec.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]),
            Is.EquivalentTo(new[] { "PATH", "HOSTNAME", "HOME", "COLOR", "CG_SIMULATED_POD" }));
        Assert.That(exec.Text, Does.Contain("COLOR=green\n").And.Contain("HOSTNAME=env\n"));
    }

    [Test]
    public async Task TheRunnerDirectory_IsThePodsOwn()
    {
        await RunAsync("one");
        await RunAsync("two");
        await using (var write = await ExecAsync("one", false, "sh", "-c", "echo one > \"$1\"", "sh", "/runner/file"))
        {
            await write.EndAsync();
        }

        await using var read = await ExecAsync("two", false, "cat", "/runner/file");
        await read.EndAsync();
        await using var again = await ExecAsync("one", false, "cat", "/runner/file");

        Assert.That((string?)read.Status["status"], Is.EqualTo("Failure"));
        Assert.That((await again.EndAsync()).Text, Is.EqualTo("one\n"));
    }

    [Test]
    public async Task AnImageWithoutAShell_SaysSo()
    {
        Simulated.Images.HasNoShell("image");
        await RunAsync("bare");

        await using var exec = await ExecAsync("bare", false, "sh", "-c", "true");
        await exec.EndAsync();

        Assert.That((string?)exec.Status["message"], Does.Contain("exec: \"sh\": executable file not found in $PATH: unknown"));
    }

    [Test]
    public async Task AKilledContainer_TakesItsExecsAlong()
    {
        await RunAsync("oom");
        await using var exec = await ExecAsync("oom", false, "sleep", "1000");
        await Eventually.BeAsync(() => Simulated.FindPod(Namespace, "oom")!.LiveProcesses > 0, "it runs");

        Simulated.KillForMemory(Namespace, "oom");
        await exec.EndAsync();

        Assert.That(exec.Status["details"]!["causes"]!.ToJsonString(), Does.Contain("137"));
        Assert.That((string?)Status("oom")["containerStatuses"]![0]!["state"]!["terminated"]!["reason"], Is.EqualTo("OOMKilled"));
    }

    [Test]
    public async Task AProgramGivenInTheOptions_TakesThePlaceOfProcesses()
    {
        await using var cluster = await SimulatedCluster.StartAsync(new() { Exec = new Echo() });
        using var client = new Cluster(cluster.Url, cluster.AuthorityPem, cluster.ServiceAccountToken(Namespace, "awx"), Namespace, "image", new SimulatedSide(cluster, Namespace));
        await client.SendAsync(HttpMethod.Post, client.Pods, Pod("echo"));
        await Eventually.BeAsync(() => cluster.FindPod(Namespace, "echo")!.Phase == "Running", "it runs");

        await using var exec = await SpdyExec.OpenAsync(client, "echo", true, "a", "/runner/b");
        await exec.WriteAsync("in"u8.ToArray());
        await exec.CloseStdinAsync();
        await exec.EndAsync();

        Assert.That((exec.Text, exec.Status["details"]!["causes"]![0]!["message"]!.ToString()), Is.EqualTo(("a /runner/b|in", "7")));
    }

    private sealed class Echo : IExecProgram
    {
        public async Task<ExecResult> RunAsync(ExecCall call, CancellationToken clientGone)
        {
            await call.Stdout.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', call.Command) + "|"), clientGone);
            await call.Stdin.CopyToAsync(call.Stdout, clientGone);
            return ExecResult.Exited(7);
        }
    }
}
