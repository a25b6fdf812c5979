using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Access;
using ContainerGroups.Kubernetes.Simulation.Api;
using ContainerGroups.Kubernetes.Simulation.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

/// <summary>Exec: the API server's own checks, then the kubelet's, then the upgrade and the process.</summary>
internal sealed class ExecEndpoint(
    PodStore pods, Accounts accounts, Kubelet kubelet, Images images, IExecProgram program, RequestCounts counts, SimulationOptions options)
{
    private static readonly TimeSpan StreamTimeout = TimeSpan.FromSeconds(30);
    private static readonly string[] SpdyVersions = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];

    public async Task AnswerAsync(HttpContext http, ResourceRequest request, Identity identity)
    {
        var webSocket = Upgrades(http).Contains("websocket", StringComparison.OrdinalIgnoreCase);
        if (options.Version.ChecksCreateForWebSocketExec && !accounts.MayUse(identity, "create", request.FullResource, request.Namespace))
        {
            throw ClusterApi.Refusal(identity, request with { Verb = "create" });
        }

        var pod = pods.Find(request.Namespace!, request.Name!) ?? throw Statuses.NotFound("pods", request.Name!);
        var container = ContainerOf(pod, http.Request.Query["container"].FirstOrDefault());
        if (Upgrades(http) == "" || http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            throw Statuses.BadRequest("Upgrade request required");
        }

        var channels = Channels(http.Request.Query);
        if (Refusal(http, pod, container, channels, webSocket) is var (code, text))
        {
            await OtherEndpoints.TextAsync(http, code, text);
            return;
        }

        counts.AddExec(1);
        try
        {
            await (webSocket ? ByWebSocketAsync(http, upgrade, pod, container, channels) : BySpdyAsync(http, upgrade, pod, container, channels));
        }
        finally
        {
            counts.AddExec(-1);
        }
    }

    /// <summary>What the kubelet, or the way to it, has against it.</summary>
    private (int Code, string Text)? Refusal(HttpContext http, StoredPod pod, string container, HashSet<ExecChannel> channels, bool webSocket)
    {
        if (kubelet.IsLost(pod))
        {
            throw Statuses.InternalError($"error dialing backend: dial tcp {pod.Status["hostIP"]}:10250: i/o timeout");
        }

        return (channels.Count, IsRunning(pod, container)) switch
        {
            (1, _) => (400, "you must specify at least 1 of stdin, stdout, stderr\n"),
            (_, false) => (500, $"container not found (\"{container}\")"),
            _ when webSocket && HttpMethods.IsPost(http.Request.Method) => (405, "bad method"),
            _ => null,
        };
    }

    private static string Upgrades(HttpContext http) => http.Request.Headers.Upgrade.ToString();

    private string ContainerOf(StoredPod pod, string? asked)
    {
        lock (pods.Lock)
        {
            var names = pod.Containers.Select(container => (string)container["name"]!).ToList();
            if (string.IsNullOrEmpty(asked))
            {
                asked = names.Count == 1 || options.Version.TakesFirstContainer ? names[0] : throw Statuses.BadRequest(
                    $"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', names)}]");
            }

            if (!names.Contains(asked))
            {
                throw Statuses.BadRequest($"container {asked} is not valid for pod {pod.Name}");
            }

            return pod.NodeName is null ? throw Statuses.BadRequest($"pod {pod.Name} does not have a host assigned") : asked;
        }
    }

    private static HashSet<ExecChannel> Channels(IQueryCollection query)
    {
        bool Asked(string name) => query[name].FirstOrDefault() is "true" or "1";
        HashSet<ExecChannel> channels = [ExecChannel.Error];
        foreach (var (name, channel) in new[] { ("stdin", ExecChannel.Stdin), ("stdout", ExecChannel.Stdout), ("stderr", ExecChannel.Stderr) })
        {
            if (Asked(name))
            {
                channels.Add(channel);
            }
        }

        return channels;
    }

    private bool IsRunning(StoredPod pod, string container)
    {
        lock (pods.Lock)
        {
            return (pod.Status["containerStatuses"] as JsonArray ?? [])
                .Any(status => (string?)status!["name"] == container && status["state"]?["running"] is not null);
        }
    }

    private async Task BySpdyAsync(HttpContext http, IHttpUpgradeFeature upgrade, StoredPod pod, string container, HashSet<ExecChannel> channels)
    {
        var offered = http.Request.Headers["X-Stream-Protocol-Version"].SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (offered.Count == 0)
        {
            await OtherEndpoints.TextAsync(http, 400, "unable to upgrade: X-Stream-Protocol-Version is required\n");
            return;
        }

        if (offered.FirstOrDefault(SpdyVersions.Contains) is not { } version)
        {
            http.Response.Headers["X-Accepted-Stream-Protocol-Versions"] = SpdyVersions;
            await OtherEndpoints.TextAsync(http, 403,
                $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', offered)}], server accepts [{string.Join(' ', SpdyVersions)}]\n");
            return;
        }

        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "SPDY/3.1";
        http.Response.Headers["X-Stream-Protocol-Version"] = version;
        await using var connection = new SpdyConnection(await upgrade.UpgradeAsync(), channels);
        await RunAsync(http, connection, pod, container, channels, () => connection.Open.WaitAsync(StreamTimeout, options.Clock));
    }

    private async Task ByWebSocketAsync(HttpContext http, IHttpUpgradeFeature upgrade, StoredPod pod, string container, HashSet<ExecChannel> channels)
    {
        string[] known = options.Version.HasWebSocketV5 ? ["v5.channel.k8s.io", "v4.channel.k8s.io"] : ["v4.channel.k8s.io"];
        var offered = http.Request.Headers.SecWebSocketProtocol.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries));
        if (offered.FirstOrDefault(known.Contains) is not { } version)
        {
            http.Response.StatusCode = 403;
            return;
        }

        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketAccept = Accept(http.Request.Headers.SecWebSocketKey.ToString());
        http.Response.Headers.SecWebSocketProtocol = version;
        var socket = WebSocket.CreateFromStream(await upgrade.UpgradeAsync(), new WebSocketCreationOptions
        {
            IsServer = true,
            SubProtocol = version,
            KeepAliveInterval = TimeSpan.Zero,
        });
        await using var connection = new WebSocketConnection(socket, version.StartsWith("v5", StringComparison.Ordinal));
        var first = channels.Contains(ExecChannel.Stdout) ? ExecChannel.Stdout : channels.Contains(ExecChannel.Stderr) ? ExecChannel.Stderr : ExecChannel.Error;
        await RunAsync(http, connection, pod, container, channels, () => connection.SayHelloAsync(first));
    }

    private async Task RunAsync(HttpContext http, ExecConnection connection, StoredPod pod, string container, HashSet<ExecChannel> channels, Func<Task> begin)
    {
        var receiving = connection.ReceiveAsync();
        try
        {
            await begin();
            var call = new ExecCall
            {
                Pod = PodView.Of(pod, pods),
                Container = container,
                Command = [.. http.Request.Query["command"].Select(part => part!)],
                Stdin = channels.Contains(ExecChannel.Stdin) ? connection.Stdin : Stream.Null,
                Stdout = new ChannelStream(connection, ExecChannel.Stdout, channels.Contains(ExecChannel.Stdout)),
                Stderr = new ChannelStream(connection, ExecChannel.Stderr, channels.Contains(ExecChannel.Stderr)),
            };
            var result = images.IsWithoutShell(ImageOf(pod, container))
                ? ExecResult.NotStarted(NotFound(call.Command.FirstOrDefault() ?? ""))
                : await program.RunAsync(call, connection.Gone);
            if (connection.HasMuchUnreadStdin && result.StartError is null)
            {
                // As containerd: with its stdin still under way the process's end is never told.
                await connection.EndOutputsAsync();
                await connection.DropStdinAsync();
                await Task.Delay(Timeout.Infinite, connection.Gone);
            }

            await connection.DropStdinAsync();
            await connection.EndAsync(Status(result, call.Command));
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or TimeoutException or WebSocketException)
        {
            // The client is gone, or never opened its streams: nobody is left to tell.
        }
        finally
        {
            await connection.DropStdinAsync();
            await connection.StopReceivingAsync();
            await receiving;
        }
    }

    private string ImageOf(StoredPod pod, string container)
    {
        lock (pods.Lock)
        {
            return (string)pod.Containers.First(one => (string?)one["name"] == container)["image"]!;
        }
    }

    internal static string NotFound(string program) =>
        $"exec: \"{program}\": {(program.Contains('/') ? $"stat {program}: no such file or directory" : "executable file not found in $PATH")}: unknown";

    private static byte[] Status(ExecResult result, IReadOnlyList<string> command)
    {
        var status = new JsonObject { ["metadata"] = new JsonObject() };
        if (result is { StartError: null, ExitCode: 0 })
        {
            status["status"] = "Success";
        }
        else if (result.StartError is null)
        {
            status["status"] = "Failure";
            status["message"] = $"command terminated with non-zero exit code: error executing command [{string.Join(' ', command)}], exit code {result.ExitCode}";
            status["reason"] = "NonZeroExitCode";
            status["details"] = new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = result.ExitCode.ToString() }),
            };
        }
        else
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var message = $"error executing command in container: failed to exec in container: failed to start exec \"{id}\": "
                + $"OCI runtime exec failed: exec failed: unable to start container process: {result.StartError}";
            status["status"] = "Failure";
            status["message"] = "Internal error occurred: " + message;
            status["reason"] = "InternalError";
            status["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) };
            status["code"] = 500;
        }

        return JsonSerializer.SerializeToUtf8Bytes(status);
    }

    /// <summary>The answer to a WebSocket's key, by RFC 6455.</summary>
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key.Trim() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
}
