using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Labels;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>Inventories, with the text that people write and the rows that it becomes.</summary>
internal sealed class InventoriesController(WakeUps wakeUps) : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<Inventory>("inventories", "inventory", (db, caller) => db.Inventories.VisibleTo(db, caller))
            .RootKey("inventory")
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Organization>(x => x.OrganizationId)
            .Computed("organization_id", FieldKind.Integer, row => row.OrganizationId, field => field.Hidden = true)
            .Input("kind", FieldKind.Choice, (_, _) => { }, _ => "", field =>
            {
                // Smart and constructed inventories are AWX's; a value that claims one is refused, not stored in vain.
                field.Choices = [("", "Hosts have a direct link to this inventory.")];
                field.HelpText = "Kind of inventory being represented.";
            })
            .Input("host_filter", FieldKind.String, (_, _) => { }, _ => null, field => field.AllowNull = true)
            .Field(x => x.Variables, field => field.HelpText = "Inventory variables in JSON or YAML format.")
            .Field(x => x.Source, field => field.HelpText =
                "The inventory as it is written in a file, INI or YAML. Saving a changed text makes the hosts and groups what it says.");
        AddCounts(builder);
        AddLists(builder);
        AddRules(builder.Rules);
        return builder.Build();
    }

    private static void AddCounts(ResourceBuilder<Inventory> builder)
    {
        Computed("has_active_failures", FieldKind.Boolean, counts => counts.FailedHosts > 0);
        Computed("total_hosts", FieldKind.Integer, counts => counts.Hosts);
        Computed("hosts_with_active_failures", FieldKind.Integer, counts => counts.FailedHosts);
        Computed("total_groups", FieldKind.Integer, counts => counts.Groups);
        builder.Computed("has_inventory_sources", FieldKind.Boolean, _ => false)
            .Computed("total_inventory_sources", FieldKind.Integer, _ => 0)
            .Computed("inventory_sources_with_failures", FieldKind.Integer, _ => 0)
            .ReadOnly(x => x.PendingDeletion)
            .Field(x => x.PreventInstanceGroupFallback, field => field.HelpText =
                "If enabled, the inventory will prevent adding any organization instance groups to the list of preferred instances groups to run associated job templates on.")
            .Roles(ObjectKinds.Inventory, Held.Role<Inventory>)
            .AllowBy(ObjectRole.InventoryAdmin, Right.Edit, Right.Delete, Right.Copy)
            .AllowBy(ObjectRole.InventoryAdhoc, Right.Adhoc)
            .CreateIn<Organization>("organization", x => x.OrganizationId, Right.InventoryAdminRole)
            .Capabilities(Right.Edit, Right.Delete, Right.Copy, Right.Adhoc)
            .Summary(
                "id", "name", "description", "has_active_failures", "total_hosts", "hosts_with_active_failures", "total_groups",
                "has_inventory_sources", "total_inventory_sources", "inventory_sources_with_failures", "organization_id", "kind")
            .NamedBy("name", ["organization"])
            .OrderBy("name");

        void Computed(string name, FieldKind kind, Func<InventoryCounts, object> value) => builder.Computed(
            name, kind, InventoryCounts.Loader, (Inventory row, IReadOnlyDictionary<long, InventoryCounts> all) => value(InventoryCounts.Of(row, all)));
    }

    private static void AddLists(ResourceBuilder<Inventory> builder) => builder
        .Relation("hosts", x => x.Hosts)
        .Relation("groups", x => x.Groups)
        .Relation("instance_groups", x => x.InstanceGroups.Select(place => place.InstanceGroup))
        .SubList<InventoryHost>("hosts", (_, id) => host => host.InventoryId == id, "inventory")
        .SubList<InventoryGroup>("groups", (_, id) => group => group.InventoryId == id, "inventory")
        .SubList<InventoryGroup>("root_groups", (_, id) => group => group.InventoryId == id && group.Parents.Count == 0)
        .SubList<JobTemplate>("job_templates", (_, id) => template => template.InventoryId == id)
        .AdHocCommands()
        .PreferredInstanceGroups<Inventory, InventoryInstanceGroup>(
            id => place => place.InventoryId == id, id => new InventoryInstanceGroup { InventoryId = id })
        .Labels()
        .VariableData(x => x.Variables)
        .Recorded()
        .Copied(InventoryCopy.FillAsync, "source")
        .Action(new ResourceAction<Inventory>("script") { Get = ScriptAsync });

    private void AddRules(WriteRules<Inventory> rules)
    {
        rules.UniqueTogether.Add(["name", "organization"]);
        rules.Checks.Add(CheckAsync);
        rules.BeforeSave.Add((write, token) => write.Creating ? Task.CompletedTask : ImportAsync(write, write.Changes(x => x.Source), token));
        rules.AfterSave.Add((write, token) => write.Creating ? ImportAsync(write, true, token) : Task.CompletedTask);
        rules.BeforeDelete.Add(RefuseWhileInUseAsync);
        rules.Delete = (removal, _) =>
        {
            removal.Entity.PendingDeletion = true;
            return Task.FromResult(StatusCodes.Status202Accepted);
        };
        rules.AfterCommit.Add(_ =>
        {
            wakeUps.Pulse(InventoryRemoval.WakeUpName);
            return Task.CompletedTask;
        });
    }

    private static Task CheckAsync(Write<Inventory> write, CancellationToken cancellationToken)
    {
        VariableTexts.Check(write, "variables", write.Entity.Variables);
        if (write.Body.TryGet("host_filter", out var filter) && filter.ToString().Length > 0)
        {
            write.Errors.Add("host_filter", "Smart inventories are not supported.");
        }

        if (write.Body.Has("source") && !write.Errors.Has("source"))
        {
            try
            {
                InventorySource.Read(write.Entity.Source);
            }
            catch (VariablesException e)
            {
                write.Errors.Add("source", char.ToUpperInvariant(e.Message[0]) + e.Message[1..] + ".");
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>An emptied text leaves the rows as they are: they are no longer described by it.</summary>
    private static Task ImportAsync(Write<Inventory> write, bool isNew, CancellationToken cancellationToken) =>
        isNew && write.Entity.Source.Length > 0
            ? InventoryImport.RunAsync(write.Db, write.Entity, InventorySource.Read(write.Entity.Source), cancellationToken)
            : Task.CompletedTask;

    private static async Task RefuseWhileInUseAsync(Removal<Inventory> removal, CancellationToken cancellationToken)
    {
        if (removal.Entity.PendingDeletion)
        {
            throw ApiException.Invalid("error", "Inventory is already pending deletion.");
        }

        var active = await removal.Db.Jobs.AsNoTracking()
            .Where(job => job.InventoryId == removal.Entity.Id && ActiveJobs.Statuses.Contains(job.Status))
            .OrderBy(job => job.Id).Select(job => new { job.Id, job.Type }).Take(ActiveJobs.MaxListed).ToListAsync(cancellationToken);
        if (active.Count > 0)
        {
            throw ApiException.InUse([.. active.Select(job => (job.Id, job.Type))]);
        }
    }

    private static async Task ScriptAsync(ApiCall call, Inventory inventory)
    {
        var query = call.Http.Request.Query;
        if (query["host"].LastOrDefault() is { Length: > 0 } name)
        {
            var variables = await call.Db.Hosts.Where(h => h.InventoryId == inventory.Id && h.Name == name && h.Enabled)
                .Select(h => h.Variables).SingleOrDefaultAsync(call.Cancellation) ?? throw ApiException.NoMatch("Host");
            await call.AnswerAsync(StatusCodes.Status200OK, writer => VariablesText.Parse(variables).WriteTo(writer));
            return;
        }

        var withHostVariables = Booleans.Read(query["hostvars"].LastOrDefault() ?? "") ?? false;
        var tree = await InventoryTree.LoadAsync(call.Db, inventory.Id, call.Cancellation) ?? throw ApiException.NoMatch("Inventory");
        await call.AnswerAsync(StatusCodes.Status200OK, writer => InventoryScript.Write(writer, tree, withHostVariables));
    }
}
