using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>Watches: the changes since a version, one JSON object a line, until the time is up.</summary>
internal sealed class WatchEndpoint(PodStore pods, FaultPlan faults, RequestCounts counts, SimulationOptions options)
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(45);

    public async Task AnswerAsync(HttpContext http, ResourceRequest request)
    {
        var watch = Watch.From(http.Request.Query, request.Namespace);
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, private";
        counts.AddWatch(1);
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, faults.WatchesClosed);
            await http.Response.StartAsync(ending.Token);
            await http.Response.BodyWriter.FlushAsync(ending.Token);
            await SendAsync(http.Response.BodyWriter, watch, ending.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Closed by the server, as it may at any time: the response just ends.
        }
        finally
        {
            counts.AddWatch(-1);
        }
    }

    private async Task SendAsync(PipeWriter body, Watch watch, CancellationToken ct)
    {
        if (Begin(body, watch) is not { } position)
        {
            WriteExpired(body, watch.Version!.Value);
            await body.FlushAsync(ct);
            return;
        }

        using var timeout = new CancellationTokenSource(watch.Timeout ?? LongestWatch, options.Clock);
        var told = watch.Version ?? pods.Version;
        while (!timeout.IsCancellationRequested)
        {
            var changed = pods.Changes.Changed;
            if (pods.Changes.ReadFrom(ref position) is not { } changes)
            {
                // Too slow: the real server, too, ends such a watch and lets the client find out by a 410.
                return;
            }

            if (changes.Count > 0)
            {
                await faults.DelayWatchAsync(options.Clock, ct);
                foreach (var change in changes)
                {
                    Write(body, watch, change);
                    told = change.Version;
                }

                await body.FlushAsync(ct);
                continue;
            }

            await body.FlushAsync(ct);
            if (!await ChangedAsync(changed, timeout.Token, ct) && watch.Bookmarks)
            {
                WriteBookmark(body, told);
            }
        }

        await body.FlushAsync(ct);
    }

    /// <returns>False when nothing has changed for as long as a bookmark takes, or the watch's time is up.</returns>
    private async Task<bool> ChangedAsync(Task changed, CancellationToken timeout, CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout, ct);
        try
        {
            await changed.WaitAsync(options.BookmarkPeriod, options.Clock, both.Token);
            return true;
        }
        catch (Exception late) when (late is TimeoutException || (late is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <returns>Where to read on; null when that has been forgotten.</returns>
    private long? Begin(PipeWriter body, Watch watch)
    {
        lock (pods.Lock)
        {
            if (watch.Version is { } version and > 0)
            {
                return pods.Changes.PositionAfter(version);
            }

            foreach (var pod in pods.All(watch.Namespace).Where(pod => watch.Labels.Matches(pod.Labels)))
            {
                Write(body, "ADDED", pod.Item);
            }

            return pods.Changes.PositionAfter(pods.Version);
        }
    }

    private static void Write(PipeWriter body, Watch watch, PodEvent change)
    {
        if (watch.Namespace is not null && watch.Namespace != change.Namespace)
        {
            return;
        }

        // A pod that comes to match, or no longer does, appears and disappears for this watcher.
        var (now, before) = (watch.Labels.Matches(change.Labels), change.Before is { } old && watch.Labels.Matches(old));
        var type = (change.Type, now, before) switch
        {
            ("DELETED", _, true) or ("MODIFIED", false, true) => "DELETED",
            ("ADDED", true, _) or ("MODIFIED", true, false) => "ADDED",
            ("MODIFIED", true, true) => "MODIFIED",
            _ => null,
        };
        if (type is not null)
        {
            Write(body, type, change.Item);
        }
    }

    private static void Write(PipeWriter body, string type, byte[] item)
    {
        body.Write(type switch
        {
            "ADDED" => """{"type":"ADDED","object":"""u8,
            "MODIFIED" => """{"type":"MODIFIED","object":"""u8,
            _ => """{"type":"DELETED","object":"""u8,
        });
        body.Write(StoredPod.Head);
        body.Write(item.AsSpan(1));
        body.Write("}\n"u8);
    }

    private static void WriteBookmark(PipeWriter body, long version)
    {
        body.Write(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["type"] = "BOOKMARK",
            ["object"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(), ["creationTimestamp"] = null },
                ["spec"] = new JsonObject { ["containers"] = null },
                ["status"] = new JsonObject(),
            },
        }));
        body.Write("\n"u8);
    }

    private void WriteExpired(PipeWriter body, long version)
    {
        var status = Statuses.Expired($"too old resource version: {version} ({pods.Changes.Forgotten})").ToStatus();
        body.Write(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = "ERROR", ["object"] = status }));
        body.Write("\n"u8);
    }

    private sealed record Watch(string? Namespace, LabelSelector Labels, long? Version, TimeSpan? Timeout, bool Bookmarks)
    {
        public static Watch From(IQueryCollection query, string? @namespace)
        {
            var version = query["resourceVersion"].FirstOrDefault();
            if (!string.IsNullOrEmpty(version) && !ulong.TryParse(version, out _))
            {
                throw new StatusException(500, "", $"resourceVersion: Invalid value: \"{version}\": strconv.ParseUint: parsing \"{version}\": invalid syntax");
            }

            return new(
                @namespace,
                LabelSelector.Parse(query["labelSelector"].FirstOrDefault()),
                long.TryParse(version, out var number) ? number : null,
                long.TryParse(query["timeoutSeconds"].FirstOrDefault(), out var seconds) ? TimeSpan.FromSeconds(seconds) : null,
                query["allowWatchBookmarks"].FirstOrDefault() is "true" or "1");
        }
    }
}
