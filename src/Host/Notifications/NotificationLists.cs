using System.Linq.Expressions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Notifications;

/// <summary>AWX's lists of notification templates on what jobs are of, one for each event, and of notifications on what they tell of.</summary>
internal static class NotificationLists
{
    private static readonly string[] Events = [NotificationEvents.Started, NotificationEvents.Success, NotificationEvents.Error];

    public static ResourceBuilder<JobTemplate> NotificationTemplates(this ResourceBuilder<JobTemplate> builder) =>
        builder.Lists<JobTemplate, JobTemplateNotification>(
            id => place => place.JobTemplateId == id, id => new JobTemplateNotification { JobTemplateId = id });

    public static ResourceBuilder<Project> NotificationTemplates(this ResourceBuilder<Project> builder) =>
        builder.Lists<Project, ProjectNotification>(id => place => place.ProjectId == id, id => new ProjectNotification { ProjectId = id });

    public static ResourceBuilder<Organization> NotificationTemplates(this ResourceBuilder<Organization> builder) => builder
        .SubList<NotificationTemplate>("notification_templates", (_, id) => template => template.OrganizationId == id, "organization")
        .Lists<Organization, OrganizationNotification>(
            id => place => place.OrganizationId == id, id => new OrganizationNotification { OrganizationId = id });

    /// <summary><c>/jobs/N/notifications/</c> and the like.</summary>
    public static ResourceBuilder<T> Notifications<T>(this ResourceBuilder<T> builder)
        where T : UnifiedJob => builder
        .SubList<Notification>("notifications", (_, id) => notification => notification.UnifiedJobId == id);

    private static ResourceBuilder<TOwner> Lists<TOwner, TPlace>(
        this ResourceBuilder<TOwner> builder, Func<long, Expression<Func<TPlace, bool>>> ofOwner, Func<long, TPlace> make)
        where TOwner : Entity
        where TPlace : NotificationPlace
    {
        foreach (var happened in Events)
        {
            builder.SubList(new SubList<TOwner, NotificationTemplate>($"notification_templates_{happened}", (db, id) =>
            {
                var places = Places(db, id);
                return template => places.Any(place => place.TemplateId == template.Id);
            })
            {
                // Whoever may not change it may not have it called either.
                ChildNeeds = Right.Edit,
                Prefill = (_, _) => { },
                Attach = async (call, owner, template) =>
                {
                    if (!await Places(call.Db, owner.Id).AnyAsync(place => place.TemplateId == template.Id, call.Cancellation))
                    {
                        var place = make(owner.Id);
                        (place.TemplateId, place.Event) = (template.Id, happened);
                        call.Db.Add(place);
                    }
                },
                Detach = async (call, owner, template) =>
                {
                    await Places(call.Db, owner.Id).Where(place => place.TemplateId == template.Id).ExecuteDeleteAsync(call.Cancellation);
                },
            });

            IQueryable<TPlace> Places(AppDb db, long id) => db.Set<TPlace>().Where(ofOwner(id)).Where(place => place.Event == happened);
        }

        return builder;
    }
}
