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
        b.Entity<JobLabel>(e =>
        {
            e.HasKey(x => new { x.JobId, x.LabelId });
            e.HasOne<Job>().WithMany(x => x.Labels).HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Label).WithMany(x => x.Jobs).HasForeignKey(x => x.LabelId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
