using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Inventories;

/// <summary>Hosts of an inventory.</summary>
internal sealed partial class HostsController : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<InventoryHost>("hosts", "host", (db, caller) => db.Hosts.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Inventory>(x => x.InventoryId, field => field.ReadOnlyAfterCreate = true)
            .Field(x => x.Enabled, field => field.HelpText = "Is this host online and available for running jobs?")
            .Field(x => x.InstanceId, field => field.MaxLength = 1024)
            .Field(x => x.Variables, field => field.HelpText = "Host variables in JSON or YAML format.")
            .ReadOnly(x => x.HasActiveFailures)
            .Computed("has_inventory_sources", FieldKind.Boolean, _ => false)
            .Reference<Job>(x => x.LastJobId, field => field.ReadOnly = true)
            .Computed("last_job_host_summary", FieldKind.Id, HostDetails.Loader, (InventoryHost row, HostDetails all) => all.LastSummaryOf(row))
            .Computed("ansible_facts_modified", FieldKind.DateTime, _ => null)
            .SummaryPart("groups", HostDetails.Loader, (InventoryHost row, HostDetails all) => all.GroupsOf(row))
            .SummaryPart("recent_jobs", HostDetails.Loader, (InventoryHost row, HostDetails all) => all.RecentJobsOf(row))
            .Allow([Right.Edit, Right.Delete], (db, caller) => Held.Through(
                (InventoryHost host) => host.Inventory, Held.Role<Inventory>(db, caller, ObjectRole.InventoryAdmin)))
            .CreateIn<Inventory>("inventory", x => x.InventoryId, Right.AdminRole)
            .Capabilities(Right.Edit, Right.Delete)
            .Summary("id", "name", "description", "has_active_failures", "has_inventory_sources")
            .NamedBy("name", ["inventory"])
            .OrderBy("name")
            .Relation("groups", x => x.Groups.Select(member => member.Group))
            .SubList(new SubList<InventoryHost, InventoryGroup>("groups", (_, id) => group => group.Hosts.Any(member => member.HostId == id))
            {
                Prefill = (body, host) => body.Set("inventory", host.InventoryId),
                Attach = (call, host, group) => GroupsController.AttachHostAsync(call, group, host),
                Detach = (call, host, group) => GroupsController.DetachHostAsync(call, group.Id, host.Id),
            })
            .SubList<InventoryGroup>("all_groups", (db, id) =>
            {
                var above = GroupTree.AboveHost(db, id);
                return group => above.Contains(group.Id);
            })
            .SubList<JobHostSummary>("job_host_summaries", (_, id) => summary => summary.HostId == id)
            .AdHocCommands()
            .VariableData(x => x.Variables)
            .Recorded();
        builder.Rules.UniqueTogether.Add(["name", "inventory"]);
        builder.Rules.Checks.Add(CheckAsync);
        return builder.Build();
    }

    private static Task CheckAsync(Write<InventoryHost> write, CancellationToken cancellationToken)
    {
        VariableTexts.Check(write, "variables", write.Entity.Variables);
        if (!write.Errors.Any)
        {
            MovePort(write);
        }

        // Ansible would take brackets for a range, wherever it reads the name.
        if (write.Entity.Name.AsSpan().ContainsAny('[', ']'))
        {
            write.Errors.Add("name", "A host's name can't have brackets: ranges are for an inventory's source.");
        }

        return Task.CompletedTask;
    }

    /// <summary><c>NAME:PORT</c> is a host NAME with a variable, as in AWX.</summary>
    private static void MovePort(Write<InventoryHost> write)
    {
        var match = NameWithPort().Match(write.Entity.Name);
        if (!match.Success)
        {
            return;
        }

        if (!int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > ushort.MaxValue)
        {
            write.Errors.Add("name", $"Invalid port specification: {match.Groups[2].Value}");
            return;
        }

        var variables = VariablesText.Parse(write.Entity.Variables);
        variables["ansible_ssh_port"] = JsonValue.Create(port);
        (write.Entity.Name, write.Entity.Variables) = (match.Groups[1].Value, variables.ToJsonString());
    }

    [GeneratedRegex("^([^:]+):([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex NameWithPort();
}
