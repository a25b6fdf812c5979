using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Notifications;

/// <summary>What was told, to whom, and what became of it.</summary>
internal sealed class NotificationsController : IResourceController
{
    private static readonly (string, string)[] Statuses =
    [
        (NotificationStatuses.Pending, "Pending"), (NotificationStatuses.Successful, "Successful"), (NotificationStatuses.Failed, "Failed"),
    ];

    private static readonly (string, string)[] Types = [(NotificationTypes.Webhook, "Webhook")];

    public Resource Describe() => new ResourceBuilder<Notification>("notifications", "notification", (db, caller) => db.Notifications.VisibleTo(db, caller))
        .Methods(ResourceMethods.ReadOnly)
        .Common()
        .Reference<NotificationTemplate>(x => x.NotificationTemplateId)
        .ReadOnly(x => x.Error)
        .ReadOnly(x => x.Status, field => (field.Kind, field.Choices) = (FieldKind.Choice, Statuses))
        .ReadOnly(x => x.NotificationsSent)
        .ReadOnly(x => x.NotificationType, field => (field.Kind, field.Choices) = (FieldKind.Choice, Types))
        .ReadOnly(x => x.Recipients)
        .Computed("body", FieldKind.Json, row => row.Body.Length == 0 ? new RawJson("{}") : new RawJson(row.Body), field => field.HelpText = "Notification body")
        .OrderBy("id")
        .Build();
}
