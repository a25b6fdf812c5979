using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Activity;

/// <summary>The activity stream. Nobody writes to it by hand.</summary>
internal sealed class ActivityStreamController : IResourceController
{
    private static readonly (string, string)[] Operations =
    [
        (ActivityOperations.Create, "Entity Created"), (ActivityOperations.Update, "Entity Updated"), (ActivityOperations.Delete, "Entity Deleted"),
        (ActivityOperations.Associate, "Entity Associated with another Entity"),
        (ActivityOperations.Disassociate, "Entity was Disassociated with another Entity"),
    ];

    public Resource Describe()
    {
        var builder = new ResourceBuilder<ActivityEntry>("activity_stream", "activity_stream", (db, caller) => db.ActivityStream.VisibleTo(db, caller))
            .Called("activity stream", "ActivityStream")
            .Methods(ResourceMethods.ReadOnly)
            .Id().TypeField().Url()
            .Computed("related", FieldKind.Object, ActivityObjects.Loader, (ActivityEntry row, ActivityObjects all) => all.RelatedOf(row))
            .Computed("summary_fields", FieldKind.Object, ActivityObjects.Loader, (ActivityEntry row, ActivityObjects all) => all.SummaryOf(row))
            .ReadOnly(x => x.Timestamp)
            .ReadOnly(x => x.Operation, field =>
            {
                (field.Kind, field.Choices) = (FieldKind.Choice, Operations);
                field.HelpText = "The action taken with respect to the given object(s).";
            })
            .Json(x => x.Changes, FieldKind.Json, field =>
            {
                field.ReadOnly = true;
                field.HelpText = "A summary of the new and changed values when an object is created, updated, or deleted";
            })
            .ReadOnly(x => x.Object1, field => field.HelpText =
                "For create, update, and delete events this is the object type that was affected. For associate and disassociate events this is the object type associated or disassociated with object2.")
            .ReadOnly(x => x.Object2, field => field.HelpText =
                "Unpopulated for create, update, and delete events. For associate and disassociate events this is the object type that object1 is being associated with.")
            .Field("object_association", x => x.Association, field =>
            {
                field.ReadOnly = true;
                field.HelpText = "When present, shows the field name of the role or relationship that changed.";
            })
            .ReadOnly(x => x.ActionNode, field => field.HelpText = "The cluster node the activity took place on.")
            .Computed("object_type", FieldKind.Computed, TypeOf, field => field.HelpText =
                "When present, shows the model on which the role or relationship was defined.")
            .Reference<User>(x => x.ActorId, field =>
            {
                (field.ReadOnly, field.Hidden) = (true, true);
                // Who it was is told by the entry itself.
                field.Reference = field.Reference! with { InSummary = false, InRelated = false };
            })
            .ReadOnly(x => x.Object1Id, field => field.Hidden = true)
            .ReadOnly(x => x.Object2Id, field => field.Hidden = true)
            .SearchIn("changes")
            .OrderBy("id");
        return builder.Build();
    }

    private static string TypeOf(ActivityEntry entry) =>
        entry.Association.Length == 0 ? "" : entry.Association == "role" ? entry.Object2 : entry.Object1;
}
