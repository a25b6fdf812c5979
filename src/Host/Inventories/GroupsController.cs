using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>Groups of an inventory, with the hosts and groups inside them.</summary>
internal sealed class GroupsController : IResourceController
{
    /// <summary>Names that Ansible keeps for itself.</summary>
    private static readonly string[] Reserved = [SourceInventory.All, SourceInventory.Ungrouped, "_meta"];

    public Resource Describe()
    {
        var builder = new ResourceBuilder<InventoryGroup>("groups", "group", (db, caller) => db.Groups.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Inventory>(x => x.InventoryId, field => field.ReadOnlyAfterCreate = true)
            .Field(x => x.Variables, field => field.HelpText = "Group variables in JSON or YAML format.")
            .Allow([Right.Edit, Right.Delete, Right.Copy], (db, caller) => Held.Through(
                (InventoryGroup group) => group.Inventory, Held.Role<Inventory>(db, caller, ObjectRole.InventoryAdmin)))
            .CreateIn<Inventory>("inventory", x => x.InventoryId, Right.AdminRole)
            .Capabilities(Right.Edit, Right.Delete, Right.Copy)
            .NamedBy("name", ["inventory"])
            .OrderBy("name")
            .Relation("hosts", x => x.Hosts.Select(member => member.Host))
            .Relation("children", x => x.Children.Select(edge => edge.Child))
            .Relation("parents", x => x.Parents.Select(edge => edge.Parent))
            .SubList(Children())
            .SubList<InventoryGroup>("potential_children", (db, id) =>
            {
                var above = GroupTree.Above(db, id);
                return group => db.Groups.Any(parent => parent.Id == id && parent.InventoryId == group.InventoryId)
                    && !above.Contains(group.Id) && !group.Parents.Any(edge => edge.ParentId == id);
            })
            .SubList(Hosts())
            .SubList<InventoryHost>("all_hosts", (db, id) =>
            {
                var below = GroupTree.Below(db, id);
                return host => host.Groups.Any(member => below.Contains(member.GroupId));
            })
            .AdHocCommands()
            .VariableData(x => x.Variables)
            .Recorded();
        builder.Rules.UniqueTogether.Add(["name", "inventory"]);
        builder.Rules.Checks.Add(CheckAsync);
        return builder.Build();
    }

    private static Task CheckAsync(Write<InventoryGroup> write, CancellationToken cancellationToken)
    {
        VariableTexts.Check(write, "variables", write.Entity.Variables);
        if ((write.Creating || write.Changes(x => x.Name)) && Reserved.Contains(write.Entity.Name))
        {
            write.Errors.Add("name", "Invalid group name.");
        }

        return Task.CompletedTask;
    }

    private static SubList<InventoryGroup, InventoryGroup> Children() =>
        new("children", (_, id) => group => group.Parents.Any(edge => edge.ParentId == id))
        {
            Prefill = (body, parent) => body.Set("inventory", parent.InventoryId),
            Attach = AttachChildAsync,
            Detach = async (call, parent, child) =>
            {
                await call.Db.GroupChildren.Where(edge => edge.ParentId == parent.Id && edge.ChildId == child.Id)
                    .ExecuteDeleteAsync(call.Cancellation);
            },
        };

    private static async Task AttachChildAsync(ApiCall call, InventoryGroup parent, InventoryGroup child)
    {
        RequireSameInventory(parent.InventoryId, child.InventoryId);
        var below = GroupTree.Below(call.Db, child.Id);
        if (await below.AnyAsync(id => id == parent.Id, call.Cancellation))
        {
            throw new ApiException(
                StatusCodes.Status400BadRequest,
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("error", "Cyclical Group association.");
                    writer.WriteEndObject();
                },
                "Cyclical Group association.");
        }

        if (await call.Db.GroupChildren.FindAsync([parent.Id, child.Id], call.Cancellation) is null)
        {
            call.Db.GroupChildren.Add(new InventoryGroupChild { ParentId = parent.Id, ChildId = child.Id });
        }
    }

    private static SubList<InventoryGroup, InventoryHost> Hosts() =>
        new("hosts", (_, id) => host => host.Groups.Any(member => member.GroupId == id))
        {
            Prefill = (body, group) => body.Set("inventory", group.InventoryId),
            Attach = (call, group, host) => AttachHostAsync(call, group, host),
            Detach = (call, group, host) => DetachHostAsync(call, group.Id, host.Id),
        };

    /// <summary>Puts a host into a group of the same inventory.</summary>
    public static async Task AttachHostAsync(ApiCall call, InventoryGroup group, InventoryHost host)
    {
        RequireSameInventory(group.InventoryId, host.InventoryId);
        if (await call.Db.GroupHosts.FindAsync([group.Id, host.Id], call.Cancellation) is null)
        {
            call.Db.GroupHosts.Add(new InventoryGroupHost { GroupId = group.Id, HostId = host.Id });
        }
    }

    public static Task DetachHostAsync(ApiCall call, long groupId, long hostId) => call.Db.GroupHosts
        .Where(member => member.GroupId == groupId && member.HostId == hostId).ExecuteDeleteAsync(call.Cancellation);

    private static void RequireSameInventory(long one, long other)
    {
        if (one != other)
        {
            throw ApiException.BadMessage("Hosts and groups can be associated only within one inventory.");
        }
    }
}
