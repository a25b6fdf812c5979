using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Notifications;

/// <summary>Where to tell of jobs: AWX's notification templates, of the type webhook.</summary>
internal sealed class NotificationTemplatesController(NotificationWrites writes, JobNotifications notifications, NotificationBodies bodies, TimeProvider clock)
    : IResourceController
{
    private static readonly (string, string)[] Types = [(NotificationTypes.Webhook, "Webhook")];

    /// <summary>AWX's: what waits longer keeps nobody from deleting.</summary>
    private static readonly TimeSpan LongestPending = TimeSpan.FromHours(8);

    public Resource Describe()
    {
        var builder = new ResourceBuilder<NotificationTemplate>(
                "notification_templates", "notification_template", (db, caller) => db.NotificationTemplates.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Organization>(x => x.OrganizationId)
            .Field(x => x.NotificationType, field => (field.Kind, field.Choices, field.Required, field.AllowBlank, field.Default) = (FieldKind.Choice, Types, true, false, null))
            .Json(x => x.NotificationConfiguration, FieldKind.Json, field => (field.Required, field.Sensitive, field.Default) = (true, true, null))
            .Input("messages", FieldKind.Json, (_, _) => { }, _ => null, field =>
            {
                field.AllowNull = true;
                field.HelpText = "Optional custom messages for notification template.";
            })
            .Allow([Right.Edit, Right.Delete, Right.Start], MayChange)
            .CreateIn<Organization>("organization", x => x.OrganizationId, Right.AdminRole)
            .Capabilities(Right.Edit, Right.Delete)
            .SummaryPart("recent_notifications", RecentNotifications.Loader, (NotificationTemplate row, RecentNotifications all) => all.Of(row.Id))
            .Summary("id", "name", "description")
            .Recorded()
            .NamedBy("name", ["organization"])
            .OrderBy("name")
            .SubList<Notification>("notifications", (_, id) => notification => notification.NotificationTemplateId == id)
            .Action(new ResourceAction<NotificationTemplate>("test") { Post = TestAsync, Needs = Right.Start });
        builder.Rules.UniqueTogether.Add(["name", "organization"]);
        builder.Rules.Checks.Add(writes.CheckAsync);
        builder.Rules.BeforeSave.Add(NotificationWrites.HideAsync);
        builder.Rules.AfterSave.Add(writes.StoreAsync);
        builder.Rules.BeforeDelete.Add(RefusePendingAsync);
        return builder.Build();
    }

    private static Expression<Func<NotificationTemplate, bool>> MayChange(AppDb db, Caller caller)
    {
        var organizations = Held.AdministeredOrganizations(db, caller);
        return template => organizations.Contains(template.OrganizationId);
    }

    private async Task TestAsync(ApiCall call, NotificationTemplate template)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var test = new Notification { NotificationTemplateId = template.Id, Body = bodies.OfTest(template.Id), NextAttempt = now, CreatedById = call.Caller.UserId };
        call.Db.Add(test);
        await call.Db.SaveChangesAsync(call.Cancellation);
        notifications.Send(areAny: true);
        await call.AnswerAsync(StatusCodes.Status202Accepted, ("notification", test.Id));
    }

    private async Task RefusePendingAsync(Removal<NotificationTemplate> removal, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().UtcDateTime - LongestPending;
        if (await removal.Db.Notifications.AnyAsync(
            row => row.NotificationTemplateId == removal.Entity.Id && row.Status == NotificationStatuses.Pending && row.Created > since, cancellationToken))
        {
            throw new ApiException(StatusCodes.Status405MethodNotAllowed, Write, Pending);
        }

        static void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("error", Pending);
            writer.WriteEndObject();
        }
    }

    private const string Pending = "Delete not allowed while there are pending notifications";
}
