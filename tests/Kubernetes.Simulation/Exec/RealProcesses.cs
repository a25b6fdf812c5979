using System.Diagnostics;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

/// <summary>
/// Runs what is executed as a process of this machine, in the pod's own directory: an argument that is, or begins with,
/// <c>/runner</c> means that directory.
/// </summary>
internal sealed class RealProcesses(PodStore pods) : IExecProgram
{
    private const string Mounted = "/runner";
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public async Task<ExecResult> RunAsync(ExecCall call, CancellationToken clientGone)
    {
        if (call.Command.Count == 0 || FindProgram(call.Command[0]) is not { } file)
        {
            return ExecResult.NotStarted(ExecEndpoint.NotFound(call.Command.FirstOrDefault() ?? ""));
        }

        if (Start(call, file) is not { } process)
        {
            return ExecResult.NotStarted("container is not running");
        }

        // Whatever becomes of the client, the process goes on; its pipes stay until it has ended.
        var output = Task.WhenAll(
            PumpAsync(process.StandardOutput.BaseStream, call.Stdout, clientGone), PumpAsync(process.StandardError.BaseStream, call.Stderr, clientGone));
        var input = FeedAsync(call.Stdin, process.StandardInput.BaseStream);
        var ended = EndAsync(process, output, input);
        await output.WaitAsync(clientGone);
        return ExecResult.Exited(await ended.WaitAsync(clientGone));
    }

    private static async Task<int> EndAsync(Process process, Task output, Task input)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            var code = process.ExitCode;
            await output;
            _ = input;
            return code;
        }
    }

    private Process? Start(ExecCall call, string file)
    {
        var start = new ProcessStartInfo(file)
        {
            WorkingDirectory = call.Pod.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in call.Command.Skip(1))
        {
            start.ArgumentList.Add(argument == Mounted || argument.StartsWith(Mounted + "/", StringComparison.Ordinal)
                ? call.Pod.Directory + argument[Mounted.Length..]
                : argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["HOSTNAME"] = call.Pod.Name;
        start.Environment["HOME"] = call.Pod.Directory;
        lock (pods.Lock)
        {
            if (pods.Find(call.Pod.Namespace, call.Pod.Name) is not { IsRemoved: false } pod || pod.Uid != call.Pod.Uid)
            {
                return null;
            }

            AddEnvironment(start, pod, call.Container);
            start.Environment[PodProcesses.Mark] = pod.Uid;
            // Under the lock: what ends the pod's processes finds this one, or has taken the pod away before.
            pod.HasProcesses = true;
            Directory.CreateDirectory(pod.Directory);
            return Process.Start(start)!;
        }
    }

    private static void AddEnvironment(ProcessStartInfo start, StoredPod pod, string container)
    {
        var variables = pod.Containers.First(one => (string?)one["name"] == container)["env"] as JsonArray ?? [];
        foreach (var variable in variables.OfType<JsonObject>().Where(variable => variable["valueFrom"] is null))
        {
            start.Environment[(string)variable["name"]!] = (string?)variable["value"] ?? "";
        }
    }

    private static string? FindProgram(string name) => name.Contains('/')
        ? File.Exists(name) ? name : null
        : SearchPath.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task PumpAsync(Stream from, Stream to, CancellationToken clientGone)
    {
        var buffer = new byte[32 * 1024];
        while (!clientGone.IsCancellationRequested)
        {
            var read = await from.ReadAsync(buffer, CancellationToken.None);
            if (read == 0)
            {
                return;
            }

            try
            {
                await to.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
            {
                return;
            }
        }
    }

    private static async Task FeedAsync(Stream from, Stream to)
    {
        try
        {
            await using (to)
            {
                await from.CopyToAsync(to, CancellationToken.None);
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process doesn't read any more.
        }
    }
}
