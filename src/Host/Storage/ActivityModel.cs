using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>The table of who changed what.</summary>
internal static class ActivityModel
{
    private const int Word = 64;
    private const int Hostname = 250;

    public static void Build(ModelBuilder b) => b.Entity<ActivityEntry>(e =>
    {
        e.ToTable("ActivityStream");
        e.Property(x => x.Operation).HasMaxLength(Word);
        e.Property(x => x.FormerActor).HasMaxLength(150);
        e.Property(x => x.Object1).HasMaxLength(Word);
        e.Property(x => x.Object2).HasMaxLength(Word);
        e.Property(x => x.ObjectName).HasMaxLength(512);
        e.Property(x => x.Association).HasMaxLength(Word);
        e.Property(x => x.ActionNode).HasMaxLength(Hostname);
        e.HasOne(x => x.Actor).WithMany().HasForeignKey(x => x.ActorId).OnDelete(DeleteBehavior.SetNull);
        // What happened to one object; most entries are about one only.
        e.HasIndex(x => new { x.Object1, x.Object1Id });
        e.HasIndex(x => new { x.Object2, x.Object2Id }).HasFilter("\"Object2Id\" IS NOT NULL");
        e.HasIndex(x => x.Timestamp);
    });
}
