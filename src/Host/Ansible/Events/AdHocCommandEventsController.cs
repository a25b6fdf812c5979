using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>AWX's <c>/ad_hoc_command_events/N/</c> and the list below each ad hoc command: no plays, no tasks, what modules did on hosts.</summary>
internal sealed class AdHocCommandEventsController : IResourceController
{
    public const string Segment = "ad_hoc_command_events";

    public Resource Describe() => new ResourceBuilder<JobEvent>(Segment, "ad_hoc_command_event", (db, caller) => db.JobEvents.VisibleTo(db, caller))
        .Only(e => e.Job is AdHocCommand, secondary: true)
        .RootKey(null)
        .Methods(ResourceMethods.ReadOnly)
        .Id().TypeField().Url().RelatedField().SummaryFields()
        .ReadOnly(x => x.Created)
        .Computed("modified", FieldKind.DateTime, row => row.Created)
        .Field("ad_hoc_command", x => x.JobId, field =>
        {
            (field.Kind, field.ReadOnly) = (FieldKind.Id, true);
            field.Reference = new ForeignKey(typeof(AdHocCommand));
        })
        .ReadOnly(x => x.Event)
        .ReadOnly(x => x.Counter)
        .Computed("event_display", FieldKind.String, EventKinds.Display)
        .Json(x => x.EventData, FieldKind.Object, field => field.ReadOnly = true)
        .ReadOnly(x => x.Failed)
        .ReadOnly(x => x.Changed)
        .ReadOnly(x => x.Uuid)
        .Reference<InventoryHost>(x => x.HostId, field => field.ReadOnly = true)
        .ReadOnly(x => x.HostName)
        .ReadOnly(x => x.Stdout, field => field.Value = JobEventsController.Stdout)
        .ReadOnly(x => x.StartLine)
        .ReadOnly(x => x.EndLine)
        .ReadOnly(x => x.Verbosity)
        .SearchIn("stdout")
        .OrderBy("-id")
        .AllowLimit()
        .Build();
}
