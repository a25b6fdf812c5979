using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>Ad hoc commands: one module on hosts of an inventory, run by who may do so on the inventory.</summary>
internal sealed class AdHocCommandsController(AdHocLauncher launcher, JobActions actions, TimeProvider clock) : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<AdHocCommand>("ad_hoc_commands", "ad_hoc_command", (db, caller) => db.AdHocCommands.VisibleTo(db, caller))
            .Common()
            .Authors()
            .ReadOnly(x => x.Name);
        AddFields(JobFields.AddRun(builder, clock));
        AddRights(builder);
        builder
            .Methods(ResourceMethods.Create | ResourceMethods.Delete)
            .CreateBy(LaunchAsync)
            .Capabilities(Right.Delete, Right.Start)
            .Summary("id", "name", "status", "failed", "elapsed", "type", "canceled_on", "finished")
            .Related("events", (row, page) => $"{page.Resource.UrlOf(row.Id)}events/")
            .Related("output", (row, page) => $"{page.Resource.UrlOf(row.Id)}output/")
            .Recorded()
            .Notifications()
            .Action(new ResourceAction<AdHocCommand>("relaunch") { Get = RelaunchNeedsAsync, Post = RelaunchAsync, Needs = Right.Start });
        return actions.AddTo(builder).Build();
    }

    private static void AddFields(ResourceBuilder<AdHocCommand> builder) => builder
        .Field(x => x.JobType, field =>
            (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, [(JobTypes.Run, "Run"), (JobTypes.Check, "Check")], false))
        .Reference<Inventory>(x => x.InventoryId)
        .Field(x => x.Limit)
        .Reference<Credential>(x => x.CredentialId, field => field.Needs = Right.UseRole, "id", "name", "description", "kind", "cloud")
        .Field(x => x.ModuleName, field =>
            (field.Kind, field.Choices, field.NoChoice) = (FieldKind.Choice, AdHocModules.Choices, "Unsupported module for ad hoc commands."))
        .Field(x => x.ModuleArgs)
        .Field(x => x.Forks, field => field.Min = 0)
        .Field(x => x.Verbosity, field => (field.Kind, field.Choices, field.AllowBlank) = (FieldKind.Choice, JobFields.Verbosities, false))
        .Field(x => x.ExtraVars)
        .Field(x => x.BecomeEnabled)
        .Field(x => x.DiffMode)
        .Reference<InstanceGroup>(
            x => x.InstanceGroupId,
            field =>
            {
                (field.ReadOnly, field.Hidden) = (true, true);
                field.Reference = field.Reference! with { InRelated = false };
            },
            "id", "name", "is_container_group")
        .Computed("host_status_counts", FieldKind.Json, JobFields.HostStatusCounts, field => field.DetailOnly = true);

    private static void AddRights(ResourceBuilder<AdHocCommand> builder)
    {
        builder
            .Allow([Right.Start], (db, caller) => OnInventory(db, caller, ObjectRole.InventoryAdhoc))
            .Allow([Right.Cancel], MayCancel)
            .Allow([Right.Delete], MayDelete);
        builder.Access.Creation = call => call.Catalog.Get<Inventory>().AllowsAnyAsync(call.Db, call.Caller, Right.AdhocRole, call.Cancellation);
        builder.Access.Writes.Add(async (write, token) => write.Entity.InventoryId is not { } inventory || write.Errors.Has("inventory")
            || await write.Call.Catalog.Get<Inventory>().AllowsAsync(write.Db, write.Call.Caller, inventory, Right.AdhocRole, token));
    }

    private static Expression<Func<AdHocCommand, bool>> OnInventory(AppDb db, Caller caller, ObjectRole role)
    {
        var inventories = db.Inventories.Where(Held.Role<Inventory>(db, caller, role)).Select(inventory => inventory.Id);
        return command => inventories.Contains(command.InventoryId!.Value);
    }

    private static Expression<Func<AdHocCommand, bool>> MayCancel(AppDb db, Caller caller)
    {
        var me = caller.UserId;
        return Held.Either(
            Held.Either(command => command.CreatedById == me, OnInventory(db, caller, ObjectRole.InventoryAdmin)), MayDelete(db, caller));
    }

    private static Expression<Func<AdHocCommand, bool>> MayDelete(AppDb db, Caller caller)
    {
        var organizations = Held.AdministeredOrganizations(db, caller);
        return command => organizations.Contains(command.OrganizationId!.Value);
    }

    private async Task<AdHocCommand> LaunchAsync(Write<AdHocCommand> write)
    {
        await launcher.LaunchAsync(write.Db, write.Entity, write.Body, write.Errors, write.Call.Cancellation);
        return write.Entity;
    }

    private static async Task RelaunchNeedsAsync(ApiCall call, AdHocCommand command)
    {
        var credentials = await AttachedCredential.FindAsync(call.Db.Credentials.Where(row => row.Id == command.CredentialId), call.Cancellation);
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("passwords_needed_to_start");
            JsonValues.Write(writer, credentials.SelectMany(credential => credential.Passwords).ToList());
            writer.WriteEndObject();
        });
    }

    private async Task RelaunchAsync(ApiCall call, AdHocCommand former)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        if (former.CredentialId is { } credential)
        {
            await call.Catalog.Get<Credential>().DemandAsync(call, credential, Right.UseRole);
        }

        var again = AdHocLauncher.Again(former, call.Caller);
        await launcher.LaunchAsync(call.Db, again, body, new FieldErrors(), call.Cancellation);
        await call.AnswerRowAsync(
            StatusCodes.Status201Created,
            call.Catalog.Get<AdHocCommand>(),
            again,
            writeExtra: writer => writer.WriteNumber("ad_hoc_command", again.Id));
    }
}
