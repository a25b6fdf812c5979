using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Inventories;

/// <summary>
/// Turns an inventory's rows into the files of a job's payload. The one file is in the form of Ansible's YAML inventory,
/// written as JSON: Ansible parses that natively, some fifty times as fast as YAML.
/// </summary>
internal static class InventoryFiles
{
    public const string HostsFile = "hosts.json";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>Empty when there is no such inventory.</summary>
    public static async Task<IReadOnlyList<InventoryFile>> RenderAsync(AppDb db, long inventoryId, CancellationToken cancellationToken)
    {
        var tree = await InventoryTree.LoadAsync(db, inventoryId, cancellationToken);
        return tree is null ? [] : [new InventoryFile(HostsFile, Render(tree))];
    }

    private static ReadOnlyMemory<byte> Render(InventoryTree tree)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("all");
            WriteVariables(json, InventoryVariables.Of(tree));
            WriteHosts(json, tree);
            WriteGroups(json, "children", tree.Groups.Where(g => !g.HasParent), []);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteHosts(Utf8JsonWriter json, InventoryTree tree)
    {
        json.WriteStartObject("hosts");
        foreach (var host in tree.Hosts)
        {
            json.WritePropertyName(host.Name);
            VariablesText.Parse(host.Variables).WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>A group is written out where it is first met, and only named after that.</summary>
    private static void WriteGroups(Utf8JsonWriter json, string property, IEnumerable<TreeGroup> groups, HashSet<long> written)
    {
        json.WriteStartObject(property);
        foreach (var group in groups)
        {
            json.WriteStartObject(group.Name);
            if (written.Add(group.Id))
            {
                WriteVariables(json, VariablesText.Parse(group.Variables));
                json.WriteStartObject("hosts");
                foreach (var host in group.Hosts)
                {
                    json.WriteNull(host.Name);
                }

                json.WriteEndObject();
                WriteGroups(json, "children", group.Children, written);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteVariables(Utf8JsonWriter json, JsonObject variables)
    {
        json.WritePropertyName("vars");
        variables.WriteTo(json);
    }
}
