using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>What a copy of an inventory has besides its fields: hosts, groups, who is in which, and the preferred instance groups. The
/// database copies them, however many there are, in their order, which Ansible keeps.</summary>
internal static class InventoryCopy
{
    public static async Task FillAsync(ApiCall call, Inventory original, Inventory copy)
    {
        // The rows are copied as they are now; what the text says of them is not read again.
        (copy.Source, copy.SourceVariables) = (original.Source, original.SourceVariables);
        var (from, to, by, now) = (original.Id, copy.Id, call.Caller.UserId, copy.Created);
        var database = call.Db.Database;
        await database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Hosts" ("Name", "Description", "InventoryId", "Enabled", "InstanceId", "Variables", "HasActiveFailures", "Created", "Modified", "CreatedById", "ModifiedById")
            SELECT "Name", "Description", {to}, "Enabled", "InstanceId", "Variables", FALSE, {now}, {now}, {by}, {by} FROM "Hosts" WHERE "InventoryId" = {from} ORDER BY "Id"
            """,
            call.Cancellation);
        await database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Groups" ("Name", "Description", "InventoryId", "Variables", "Created", "Modified", "CreatedById", "ModifiedById")
            SELECT "Name", "Description", {to}, "Variables", {now}, {now}, {by}, {by} FROM "Groups" WHERE "InventoryId" = {from} ORDER BY "Id"
            """,
            call.Cancellation);
        await CopyPlacesAsync(database, from, to, call.Cancellation);
        call.Db.InventoryInstanceGroups.AddRange(await call.Db.InventoryInstanceGroups.Where(place => place.InventoryId == from)
            .Select(place => new InventoryInstanceGroup { InventoryId = to, InstanceGroupId = place.InstanceGroupId, Position = place.Position })
            .ToListAsync(call.Cancellation));
    }

    /// <summary>Names are unique in an inventory: by them each copy is found again.</summary>
    private static async Task CopyPlacesAsync(
        Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade database, long from, long to, CancellationToken cancellationToken)
    {
        await database.ExecuteSqlAsync(
            $"""
            INSERT INTO "GroupHosts" ("GroupId", "HostId")
            SELECT new_group."Id", new_host."Id" FROM "GroupHosts" place
            JOIN "Groups" old_group ON old_group."Id" = place."GroupId" AND old_group."InventoryId" = {from}
            JOIN "Hosts" old_host ON old_host."Id" = place."HostId"
            JOIN "Groups" new_group ON new_group."InventoryId" = {to} AND new_group."Name" = old_group."Name"
            JOIN "Hosts" new_host ON new_host."InventoryId" = {to} AND new_host."Name" = old_host."Name"
            """,
            cancellationToken);
        await database.ExecuteSqlAsync(
            $"""
            INSERT INTO "GroupChildren" ("ParentId", "ChildId")
            SELECT new_parent."Id", new_child."Id" FROM "GroupChildren" place
            JOIN "Groups" old_parent ON old_parent."Id" = place."ParentId" AND old_parent."InventoryId" = {from}
            JOIN "Groups" old_child ON old_child."Id" = place."ChildId"
            JOIN "Groups" new_parent ON new_parent."InventoryId" = {to} AND new_parent."Name" = old_parent."Name"
            JOIN "Groups" new_child ON new_child."InventoryId" = {to} AND new_child."Name" = old_child."Name"
            """,
            cancellationToken);
    }
}
