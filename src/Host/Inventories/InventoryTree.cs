using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>A whole inventory, read by a constant number of statements; disabled hosts are left out.</summary>
internal sealed class InventoryTree
{
    private InventoryTree()
    {
    }

    /// <summary>What the inventory's source says of <c>all</c>, and over it what the inventory's own variables say.</summary>
    public required string SourceVariables { get; init; }

    public required string Variables { get; init; }

    /// <summary>In the order in which they were made, which is the order in which Ansible shall see them.</summary>
    public required IReadOnlyList<TreeHost> Hosts { get; init; }

    public required IReadOnlyList<TreeGroup> Groups { get; init; }

    /// <summary>Null when there is no such inventory.</summary>
    public static async Task<InventoryTree?> LoadAsync(AppDb db, long inventoryId, CancellationToken cancellationToken)
    {
        var inventory = await db.Inventories.AsNoTracking().Where(i => i.Id == inventoryId)
            .Select(i => new { i.Variables, i.SourceVariables }).SingleOrDefaultAsync(cancellationToken);
        if (inventory is null)
        {
            return null;
        }

        var hosts = await db.Hosts.AsNoTracking().Where(h => h.InventoryId == inventoryId && h.Enabled).OrderBy(h => h.Id)
            .Select(h => new TreeHost(h.Id, h.Name, h.Variables)).ToListAsync(cancellationToken);
        var groups = await db.Groups.AsNoTracking().Where(g => g.InventoryId == inventoryId).OrderBy(g => g.Id)
            .Select(g => new TreeGroup(g.Id, g.Name, g.Variables)).ToListAsync(cancellationToken);
        var tree = new InventoryTree { SourceVariables = inventory.SourceVariables, Variables = inventory.Variables, Hosts = hosts, Groups = groups };
        await tree.LinkAsync(db, inventoryId, cancellationToken);
        return tree;
    }

    private async Task LinkAsync(AppDb db, long inventoryId, CancellationToken cancellationToken)
    {
        var hosts = Hosts.ToDictionary(h => h.Id);
        var groups = Groups.ToDictionary(g => g.Id);
        var memberships = db.GroupHosts.AsNoTracking().Where(m => m.Group.InventoryId == inventoryId && m.Host.Enabled)
            .OrderBy(m => m.GroupId).ThenBy(m => m.HostId).Select(m => new { m.GroupId, m.HostId }).AsAsyncEnumerable();
        await foreach (var member in memberships.WithCancellation(cancellationToken))
        {
            // Another transaction may have added a row between the statements: such a row is simply later.
            if (groups.TryGetValue(member.GroupId, out var group) && hosts.TryGetValue(member.HostId, out var host))
            {
                group.Hosts.Add(host);
            }
        }

        var edges = db.GroupChildren.AsNoTracking().Where(c => c.Parent.InventoryId == inventoryId)
            .OrderBy(c => c.ParentId).ThenBy(c => c.ChildId).Select(c => new { c.ParentId, c.ChildId }).AsAsyncEnumerable();
        await foreach (var edge in edges.WithCancellation(cancellationToken))
        {
            if (groups.TryGetValue(edge.ParentId, out var parent) && groups.TryGetValue(edge.ChildId, out var child))
            {
                parent.Children.Add(child);
                child.HasParent = true;
            }
        }
    }
}

/// <summary>A host as Ansible shall see it.</summary>
internal sealed record TreeHost(long Id, string Name, string Variables);

/// <summary>A group as Ansible shall see it.</summary>
internal sealed record TreeGroup(long Id, string Name, string Variables)
{
    public List<TreeHost> Hosts { get; } = [];

    public List<TreeGroup> Children { get; } = [];

    public bool HasParent { get; set; }
}
