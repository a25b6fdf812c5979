using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>What an inventory's hosts and groups come to, counted for all rows of a page at once.</summary>
internal sealed record InventoryCounts(int Hosts, int FailedHosts, int Groups)
{
    private static readonly InventoryCounts None = new(0, 0, 0);

    public static Loader<Inventory> Loader { get; } = new(async (page, cancellationToken) => await LoadAsync(page, cancellationToken));

    public static InventoryCounts Of(Inventory row, IReadOnlyDictionary<long, InventoryCounts> all) => all.GetValueOrDefault(row.Id, None);

    private static async Task<IReadOnlyDictionary<long, InventoryCounts>> LoadAsync(
        LoadContext<Inventory> page, CancellationToken cancellationToken)
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        var hosts = await page.Db.Hosts.Where(h => ids.Contains(h.InventoryId)).GroupBy(h => h.InventoryId)
            .Select(g => new { g.Key, All = g.Count(), Failed = g.Count(h => h.HasActiveFailures) })
            .ToDictionaryAsync(g => g.Key, cancellationToken);
        var groups = await page.Db.Groups.Where(g => ids.Contains(g.InventoryId)).GroupBy(g => g.InventoryId)
            .Select(g => new { g.Key, All = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.All, cancellationToken);
        return ids.ToDictionary(
            id => id,
            id => hosts.TryGetValue(id, out var h)
                ? new InventoryCounts(h.All, h.Failed, groups.GetValueOrDefault(id))
                : new InventoryCounts(0, 0, groups.GetValueOrDefault(id)));
    }
}
