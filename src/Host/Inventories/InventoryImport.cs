using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>
/// Makes an inventory's rows what its source says, in the caller's transaction. Rows that keep their names keep their ids and what
/// else is known of them; from then on the rows are the truth, whatever becomes of them.
/// </summary>
internal static class InventoryImport
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task RunAsync(AppDb db, Inventory inventory, SourceInventory source, CancellationToken cancellationToken)
    {
        inventory.SourceVariables = Text(source.Variables);
        var hosts = await ImportHostsAsync(db, inventory.Id, source, cancellationToken);
        var groups = await ImportGroupsAsync(db, inventory.Id, source, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);

        await db.GroupHosts.Where(m => m.Group.InventoryId == inventory.Id).ExecuteDeleteAsync(cancellationToken);
        await db.GroupChildren.Where(c => c.Parent.InventoryId == inventory.Id).ExecuteDeleteAsync(cancellationToken);
        foreach (var (name, group) in source.Groups)
        {
            var id = groups[name].Id;
            db.GroupHosts.AddRange(group.Hosts.Select(host => new InventoryGroupHost { GroupId = id, HostId = hosts[host].Id }));
            db.GroupChildren.AddRange(group.Children.Select(child => new InventoryGroupChild { ParentId = id, ChildId = groups[child].Id }));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<Dictionary<string, InventoryHost>> ImportHostsAsync(
        AppDb db, long inventoryId, SourceInventory source, CancellationToken cancellationToken)
    {
        var rows = await db.Hosts.AsTracking().Where(h => h.InventoryId == inventoryId).ToDictionaryAsync(h => h.Name, cancellationToken);
        db.Hosts.RemoveRange(rows.Values.Where(row => !source.Hosts.ContainsKey(row.Name)));
        foreach (var (name, variables) in source.Hosts)
        {
            if (!rows.TryGetValue(name, out var row))
            {
                rows[name] = row = new InventoryHost { InventoryId = inventoryId, Name = name };
                db.Hosts.Add(row);
            }

            row.Variables = Text(variables);
        }

        return rows;
    }

    private static async Task<Dictionary<string, InventoryGroup>> ImportGroupsAsync(
        AppDb db, long inventoryId, SourceInventory source, CancellationToken cancellationToken)
    {
        var rows = await db.Groups.AsTracking().Where(g => g.InventoryId == inventoryId).ToDictionaryAsync(g => g.Name, cancellationToken);
        db.Groups.RemoveRange(rows.Values.Where(row => !source.Groups.ContainsKey(row.Name)));
        foreach (var (name, group) in source.Groups)
        {
            if (!rows.TryGetValue(name, out var row))
            {
                rows[name] = row = new InventoryGroup { InventoryId = inventoryId, Name = name };
                db.Groups.Add(row);
            }

            row.Variables = Text(group.Variables);
        }

        return rows;
    }

    private static string Text(JsonObject variables) => variables.Count == 0 ? "" : variables.ToJsonString(Plain);
}
