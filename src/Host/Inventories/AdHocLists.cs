using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Inventories;

/// <summary>
/// The lists of ad hoc commands under inventories, hosts and groups, where new ones are launched too: on the whole inventory, or limited to
/// the host or group. A host shows those that did something on it, a group those that did on any of its hosts, as in AWX.
/// </summary>
internal static class AdHocLists
{
    private const string Name = "ad_hoc_commands";

    public static ResourceBuilder<Inventory> AdHocCommands(this ResourceBuilder<Inventory> builder) =>
        builder.SubList<AdHocCommand>(Name, (_, id) => command => command.InventoryId == id, "inventory");

    public static ResourceBuilder<InventoryHost> AdHocCommands(this ResourceBuilder<InventoryHost> builder) => builder.SubList(
        new SubList<InventoryHost, AdHocCommand>(Name, (db, id) =>
            command => db.Hosts.Any(host => host.Id == id && host.InventoryId == command.InventoryId)
                && command.Events.Any(e => e.HostId == id))
        {
            Prefill = (body, host) => Limit(body, host.InventoryId, host.Name),
        });

    public static ResourceBuilder<InventoryGroup> AdHocCommands(this ResourceBuilder<InventoryGroup> builder) => builder.SubList(
        new SubList<InventoryGroup, AdHocCommand>(Name, (db, id) =>
        {
            var groups = GroupTree.Below(db, id);
            var hosts = db.GroupHosts.Where(member => groups.Contains(member.GroupId)).Select(member => member.HostId);
            return command => db.Groups.Any(group => group.Id == id && group.InventoryId == command.InventoryId)
                && command.Events.Any(e => hosts.Contains(e.HostId!.Value));
        })
        {
            Prefill = (body, group) => Limit(body, group.InventoryId, group.Name),
        });

    private static void Limit(RequestBody body, long inventoryId, string name)
    {
        body.Set("inventory", inventoryId);
        body.Set("limit", name);
    }
}
