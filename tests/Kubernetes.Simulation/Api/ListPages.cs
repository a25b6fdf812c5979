using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Pods;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>Lists, whole or by pages; all pages of a list show the pods of one moment.</summary>
internal sealed class ListPages(PodStore pods, SimulationOptions options)
{
    private const string TooOld =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

    private readonly Dictionary<Guid, Snapshot> _snapshots = [];

    public ReadOnlyMemory<byte> Page(IQueryCollection query, string? @namespace)
    {
        var limit = int.TryParse(query["limit"].FirstOrDefault(), out var asked) ? asked : 0;
        var next = query["continue"].FirstOrDefault();
        var (snapshot, from) = string.IsNullOrEmpty(next) ? (Take(query, @namespace), 0) : Resume(next);
        var to = limit > 0 ? Math.Min(from + limit, snapshot.Items.Count) : snapshot.Items.Count;
        return Write(snapshot, from, to);
    }

    /// <summary>Every list that has begun is too old from now on.</summary>
    public void Expire()
    {
        lock (_snapshots)
        {
            _snapshots.Clear();
        }
    }

    private Snapshot Take(IQueryCollection query, string? @namespace)
    {
        var labels = LabelSelector.Parse(query["labelSelector"].FirstOrDefault());
        var fieldText = query["fieldSelector"].FirstOrDefault();
        var fields = FieldSelector.Parse(fieldText);
        lock (pods.Lock)
        {
            return new(pods.Version, options.Clock.GetUtcNow(), !StringValues.IsNullOrEmpty(query["labelSelector"]) || !string.IsNullOrEmpty(fieldText), [.. pods.All(@namespace)
                .Where(pod => labels.Matches(pod.Labels) && (string.IsNullOrEmpty(fieldText) || fields.Matches(pod.Object)))
                .Select(pod => pod.Item)]);
        }
    }

    private (Snapshot Snapshot, int From) Resume(string next)
    {
        JsonNode? token;
        try
        {
            token = JsonNode.Parse(Base64Url.DecodeFromChars(next));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw Statuses.BadRequest($"invalid continue token: continue key is not valid: {error.Message}");
        }

        lock (_snapshots)
        {
            return _snapshots.TryGetValue(Guid.Parse((string)token!["list"]!), out var snapshot)
                ? (snapshot, (int)token["from"]!)
                : throw Statuses.Expired(TooOld);
        }
    }

    private ReadOnlyMemory<byte> Write(Snapshot snapshot, int from, int to)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + (to - from) * 3000);
        using var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("kind", "PodList");
        json.WriteString("apiVersion", "v1");
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", snapshot.Version.ToString());
        if (to < snapshot.Items.Count)
        {
            json.WriteString("continue", Keep(snapshot, to));
            if (!snapshot.IsSelected)
            {
                json.WriteNumber("remainingItemCount", snapshot.Items.Count - to);
            }
        }

        json.WriteEndObject();
        json.WriteStartArray("items");
        for (var i = from; i < to; i++)
        {
            json.WriteRawValue(snapshot.Items[i], skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private string Keep(Snapshot snapshot, int from)
    {
        lock (_snapshots)
        {
            foreach (var old in _snapshots.Where(kept => kept.Value.At + options.ContinueLifetime < options.Clock.GetUtcNow()).ToList())
            {
                _snapshots.Remove(old.Key);
            }

            _snapshots[snapshot.Id] = snapshot;
        }

        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["v"] = "meta.k8s.io/v1",
            ["rv"] = snapshot.Version,
            ["list"] = snapshot.Id.ToString(),
            ["from"] = from,
        }));
    }

    private sealed record Snapshot(long Version, DateTimeOffset At, bool IsSelected, IReadOnlyList<byte[]> Items)
    {
        public Guid Id { get; } = Guid.NewGuid();
    }
}
