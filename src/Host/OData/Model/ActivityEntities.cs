using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>Who changed what. The values are left out: they hold variables and the like, into which people write secrets.</summary>
internal static class ActivityEntities
{
    private static readonly string[] Operations =
    [
        ActivityOperations.Create, ActivityOperations.Update, ActivityOperations.Delete, ActivityOperations.Associate, ActivityOperations.Disassociate,
    ];

    public static IEnumerable<EntityModel> All() => [ActivityStream()];

    private static EntityModel<ActivityEntry> ActivityStream() => new EntityModel<ActivityEntry>(
            "ActivityStream", "Activity", db => db.ActivityStream, ActivityVisibility.VisibleTo, "Who changed what, and when.")
        .Property(x => x.Id)
        .Property(x => x.Timestamp)
        .Property(x => x.Operation, allowed: Operations)
        .Property(x => x.ActorId, "The user's id; null when the server made the change, or the user is gone.")
        .Property(x => x.Actor != null ? x.Actor.Username : x.FormerActor, "The user's name; empty when the server made the change.", "Actor", searched: true)
        .Property(x => x.Object1, "The type of what was changed: job_template and so on.")
        .Property(x => x.Object1Id)
        .Property(x => x.Object2, "The type of what was associated with it; empty for none.")
        .Property(x => x.Object2Id)
        .Property(x => x.ObjectName, "What it was called then; empty when there are two.", searched: true)
        .Property(x => x.Association, "The list in which the two were associated, or role.")
        .Property(x => x.ChangedFields, "The names of the fields that an update changed, separated by commas.", searched: true)
        .Property(x => x.ActionNode, "The host that made the change.");
}
