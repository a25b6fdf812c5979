using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>A pod as the API server keeps it. Its object is read and changed under the store's lock; its JSON is replaced, never changed.</summary>
internal sealed class StoredPod(JsonObject @object, string directory)
{

    private decimal? _cpu;
    private decimal? _memory;

    /// <summary>Without kind and apiVersion, as the items of a list are.</summary>
    public JsonObject Object { get; } = @object;

    public JsonObject Metadata { get; } = @object["metadata"]!.AsObject();

    public JsonObject Spec { get; } = @object["spec"]!.AsObject();

    public JsonObject Status { get; } = @object["status"]!.AsObject();

    public string Namespace { get; } = (string)@object["metadata"]!["namespace"]!;

    public string Name { get; } = (string)@object["metadata"]!["name"]!;

    public string Uid { get; } = (string)@object["metadata"]!["uid"]!;

    /// <summary>Where the pod's own files are on this machine.</summary>
    public string Directory { get; } = directory;

    /// <summary>The cores that it asks for; kept, as a queue of thousands is looked through again and again.</summary>
    public decimal Cpu => _cpu ??= Quantity.Requested(this, "cpu");

    /// <summary>The bytes that it asks for.</summary>
    public decimal Memory => _memory ??= Quantity.Requested(this, "memory");

    public IReadOnlyDictionary<string, string> Labels { get; private set; } = new Dictionary<string, string>();

    public long Version { get; private set; }

    /// <summary>The object as an item of a list.</summary>
    public byte[] Item { get; set; } = [];

    public bool IsRemoved { get; set; }

    /// <summary>Its room on the node is free for others.</summary>
    public bool RoomIsReleased { get; set; }

    /// <summary>Grows with every step of its life: what was planned for an earlier one is dropped.</summary>
    public int Step { get; set; }

    /// <summary>Real processes were started for it.</summary>
    public bool HasProcesses { get; set; }

    public string? NodeName => (string?)Spec["nodeName"];

    public string Phase => (string?)Status["phase"] ?? "";

    public bool HasEnded => Phase is "Succeeded" or "Failed";

    public bool IsDeleting => Metadata.ContainsKey("deletionTimestamp");

    public IEnumerable<JsonObject> Containers => Spec["containers"]!.AsArray().Select(container => container!.AsObject());

    public IEnumerable<JsonObject> InitContainers => (Spec["initContainers"] as JsonArray ?? []).Select(container => container!.AsObject());

    /// <summary>With kind and apiVersion, as alone.</summary>
    public static byte[] Whole(byte[] item) => [.. Head, .. item.AsSpan(1)];

    /// <summary>What takes the place of an item's first byte in a whole object.</summary>
    public static ReadOnlySpan<byte> Head => """{"kind":"Pod","apiVersion":"v1","""u8;

    public void Stamp(long version)
    {
        Version = version;
        Metadata["resourceVersion"] = version.ToString();
        Labels = (Metadata["labels"] as JsonObject)?.ToDictionary(label => label.Key, label => (string?)label.Value ?? "") ?? [];
        Item = JsonSerializer.SerializeToUtf8Bytes(Object);
    }
}
