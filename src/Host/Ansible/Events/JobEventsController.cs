using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>AWX's <c>/job_events/N/</c> and the list below each job.</summary>
internal sealed class JobEventsController : IResourceController
{
    public Resource Describe() => new ResourceBuilder<JobEvent>("job_events", "job_event", (db, caller) => db.JobEvents.VisibleTo(db, caller))
        .Only(e => !(e.Job is AdHocCommand))
        .RootKey(null)
        .Methods(ResourceMethods.ReadOnly)
        .Id().TypeField().Url().RelatedField().SummaryFields()
        .ReadOnly(x => x.Created)
        .Computed("modified", FieldKind.DateTime, row => row.Created)
        .Reference<Job>(
            x => x.JobId,
            field => (field.ReadOnly, field.Required) = (true, false),
            "id", "name", "description", "status", "failed", "elapsed", "type", "canceled_on", "job_template_id", "job_template_name")
        .ReadOnly(x => x.Event)
        .ReadOnly(x => x.Counter)
        .Computed("event_display", FieldKind.String, EventKinds.Display)
        .Json(x => x.EventData, FieldKind.Object, field => field.ReadOnly = true)
        .Computed("event_level", FieldKind.Integer, e => EventKinds.Level(e.Event))
        .ReadOnly(x => x.Failed)
        .ReadOnly(x => x.Changed)
        .ReadOnly(x => x.Uuid)
        .ReadOnly(x => x.ParentUuid)
        .Reference<InventoryHost>(x => x.HostId, field => field.ReadOnly = true)
        .ReadOnly(x => x.HostName)
        .ReadOnly(x => x.Playbook)
        .ReadOnly(x => x.Play)
        .ReadOnly(x => x.Task)
        .ReadOnly(x => x.Role)
        .ReadOnly(x => x.Stdout, field => field.Value = Stdout)
        .ReadOnly(x => x.StartLine)
        .ReadOnly(x => x.EndLine)
        .ReadOnly(x => x.Verbosity)
        .SummaryPart("role", (e, _) => e.Role.Length == 0 ? null : new JsonPart(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", e.Role);
            writer.WriteEndObject();
        }))
        .SearchIn("stdout")
        .OrderBy("start_line", "counter")
        .AllowLimit()
        .SubList<JobEvent>("children", (db, id) => e =>
            e.JobId == db.JobEvents.Where(parent => parent.Id == id).Select(parent => parent.JobId).First()
            && e.ParentUuid == db.JobEvents.Where(parent => parent.Id == id).Select(parent => parent.Uuid).First())
        .Build();

    /// <summary>Lists show the beginning of a long text only, unless it is asked for whole, as in AWX.</summary>
    public static string Stdout(JobEvent e, RowPage page) =>
        page.IsDetail || page.ShowsWholeTexts || e.Event.StartsWith("playbook_on", StringComparison.Ordinal)
            ? e.Stdout
            : StdoutExcerpt.Of(e.Stdout);
}
