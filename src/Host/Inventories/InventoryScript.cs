using System.Text.Json;

namespace ContainerGroups.Host.Inventories;

/// <summary>Writes an inventory as Ansible's dynamic inventory scripts do.</summary>
internal static class InventoryScript
{
    public static void Write(Utf8JsonWriter json, InventoryTree tree, bool withHostVariables)
    {
        json.WriteStartObject();
        WriteAll(json, tree);
        foreach (var group in tree.Groups)
        {
            json.WriteStartObject(group.Name);
            WriteNames(json, "hosts", group.Hosts.Select(h => h.Name));
            WriteNames(json, "children", group.Children.Select(g => g.Name));
            json.WritePropertyName("vars");
            VariablesText.Parse(group.Variables).WriteTo(json);
            json.WriteEndObject();
        }

        if (withHostVariables)
        {
            WriteHostVariables(json, tree);
        }

        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, InventoryTree tree)
    {
        var grouped = tree.Groups.SelectMany(g => g.Hosts).Select(h => h.Id).ToHashSet();
        json.WriteStartObject("all");
        WriteNames(json, "hosts", tree.Hosts.Where(h => !grouped.Contains(h.Id)).Select(h => h.Name));
        WriteNames(json, "children", tree.Groups.Where(g => !g.HasParent).Select(g => g.Name));
        json.WritePropertyName("vars");
        InventoryVariables.Of(tree).WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteHostVariables(Utf8JsonWriter json, InventoryTree tree)
    {
        json.WriteStartObject("_meta");
        json.WriteStartObject("hostvars");
        foreach (var host in tree.Hosts)
        {
            json.WritePropertyName(host.Name);
            VariablesText.Parse(host.Variables).WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
