using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>Schedules: keys, relations, indexes.</summary>
internal static class ScheduleModel
{
    public static void Build(ModelBuilder b)
    {
        b.Entity<Schedule>(e =>
        {
            e.Property(x => x.Name).HasMaxLength(512);
            e.HasIndex(x => new { x.JobTemplateId, x.Name }).IsUnique();
            e.HasIndex(x => new { x.ProjectId, x.Name }).IsUnique();
            // What fires next is asked at every turn of the clock; most schedules of old are over.
            e.HasIndex(x => x.NextRun).HasFilter("\"NextRun\" IS NOT NULL");
            e.HasOne(x => x.JobTemplate).WithMany().HasForeignKey(x => x.JobTemplateId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Project).WithMany().HasForeignKey(x => x.ProjectId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Inventory).WithMany().HasForeignKey(x => x.InventoryId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.ExecutionEnvironment).WithMany().HasForeignKey(x => x.ExecutionEnvironmentId).OnDelete(DeleteBehavior.SetNull);
        });
        b.Entity<ScheduleCredential>(e =>
        {
            e.HasKey(x => new { x.ScheduleId, x.CredentialId });
            e.HasOne<Schedule>().WithMany(x => x.Credentials).HasForeignKey(x => x.ScheduleId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Credential).WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<ScheduleInstanceGroup>(e =>
        {
            e.HasKey(x => new { x.ScheduleId, x.InstanceGroupId });
            e.HasOne<Schedule>().WithMany(x => x.InstanceGroups).HasForeignKey(x => x.ScheduleId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<SchedulePassword>(e =>
        {
            e.HasKey(x => new { x.ScheduleId, x.Variable });
            e.Property(x => x.KeyId).HasMaxLength(AppModel.Word);
            e.HasOne<Schedule>().WithMany().HasForeignKey(x => x.ScheduleId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<UnifiedJob>().HasOne(x => x.Schedule).WithMany().HasForeignKey(x => x.ScheduleId).OnDelete(DeleteBehavior.SetNull);
    }
}
