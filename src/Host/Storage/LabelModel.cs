using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>The tables of labels.</summary>
internal static class LabelModel
{
    public static void Build(ModelBuilder b)
    {
        b.Entity<Label>(e =>
        {
            e.Property(x => x.Name).HasMaxLength(512);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.HasOne(x => x.Organization).WithMany().HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<JobTemplateLabel>(e =>
        {
            e.HasKey(x => new { x.JobTemplateId, x.LabelId });
            e.HasOne<JobTemplate>().WithMany(x => x.Labels).HasForeignKey(x => x.JobTemplateId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Label).WithMany(x => x.JobTemplates).HasForeignKey(x => x.LabelId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<InventoryLabel>(e =>
        {
            e.HasKey(x => new { x.InventoryId, x.LabelId });
            e.HasOne<Inventory>().WithMany(x => x.Labels).HasForeignKey(x => x.InventoryId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Label).WithMany(x => x.Inventories).HasForeignKey(x => x.LabelId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<ScheduleLabel>(e =>
        {
            e.HasKey(x => new { x.ScheduleId, x.LabelId });
            e.HasOne<Schedule>().WithMany(x => x.Labels).HasForeignKey(x => x.ScheduleId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Label).WithMany(x => x.Schedules).HasForeignKey(x => x.LabelId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<JobLabel>(e =>
        {
            e.HasKey(x => new { x.JobId, x.LabelId });
            e.HasOne<Job>().WithMany(x => x.Labels).HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Label).WithMany(x => x.Jobs).HasForeignKey(x => x.LabelId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
