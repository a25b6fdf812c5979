using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>Notifications: keys, relations, indexes.</summary>
internal static class NotificationModel
{
    public static void Build(ModelBuilder b)
    {
        b.Entity<NotificationTemplate>(e =>
        {
            e.Property(x => x.Name).HasMaxLength(512);
            e.Property(x => x.NotificationType).HasMaxLength(AppModel.Word);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.HasOne(x => x.Organization).WithMany().HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<NotificationSecret>(e =>
        {
            e.HasKey(x => new { x.TemplateId, x.Field });
            e.Property(x => x.Field).HasMaxLength(AppModel.Word);
            e.Property(x => x.KeyId).HasMaxLength(AppModel.Word);
            e.HasOne<NotificationTemplate>().WithMany().HasForeignKey(x => x.TemplateId).OnDelete(DeleteBehavior.Cascade);
        });
        Place<JobTemplateNotification, JobTemplate>(b, nameof(JobTemplateNotification.JobTemplateId));
        Place<ProjectNotification, Project>(b, nameof(ProjectNotification.ProjectId));
        Place<OrganizationNotification, Organization>(b, nameof(OrganizationNotification.OrganizationId));
        b.Entity<Notification>(e =>
        {
            e.Property(x => x.Event).HasMaxLength(AppModel.Word);
            e.Property(x => x.Status).HasMaxLength(AppModel.Word);
            e.Property(x => x.NotificationType).HasMaxLength(AppModel.Word);
            // Most have been sent long ago.
            e.HasIndex(x => x.NextAttempt).HasFilter("\"NextAttempt\" IS NOT NULL");
            e.HasOne(x => x.NotificationTemplate).WithMany(x => x.Notifications).HasForeignKey(x => x.NotificationTemplateId)
                .OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.UnifiedJob).WithMany().HasForeignKey(x => x.UnifiedJobId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    /// <summary>The owner comes first: at a job's end is asked what its owners have.</summary>
    private static void Place<TPlace, TOwner>(ModelBuilder b, string ownerId)
        where TPlace : NotificationPlace
        where TOwner : class => b.Entity<TPlace>(e =>
    {
        e.HasKey(ownerId, nameof(NotificationPlace.Event), nameof(NotificationPlace.TemplateId));
        e.Property(x => x.Event).HasMaxLength(AppModel.Word);
        e.HasOne<TOwner>().WithMany().HasForeignKey(ownerId).OnDelete(DeleteBehavior.Cascade);
        e.HasOne(x => x.Template).WithMany().HasForeignKey(x => x.TemplateId).OnDelete(DeleteBehavior.Cascade);
    });
}
