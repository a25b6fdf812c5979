using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>The tables of roles.</summary>
internal static class RoleModel
{
    public static void Build(ModelBuilder b)
    {
        b.Entity<Role>(e =>
        {
            e.Property(x => x.Id).ValueGeneratedNever();
            e.ToTable((string?)null);
            e.ToSqlQuery(Role.Sql);
        });
        b.Entity<RoleGrant>(e =>
        {
            // What a user or team has is the question of every request. To a database no null is like another: one index for each.
            e.HasIndex(x => new { x.UserId, x.Role, x.ObjectId }).IsUnique();
            e.HasIndex(x => new { x.TeamId, x.Role, x.ObjectId }).IsUnique();
            e.HasOne(x => x.User).WithMany(x => x.Roles).HasForeignKey(x => x.UserId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Team).WithMany(x => x.Roles).HasForeignKey(x => x.TeamId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.OnOrganization).WithMany(x => x.Grants).HasForeignKey(x => x.OnOrganizationId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.OnTeam).WithMany(x => x.Grants).HasForeignKey(x => x.OnTeamId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<Project>().WithMany().HasForeignKey(x => x.OnProjectId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<Inventory>().WithMany().HasForeignKey(x => x.OnInventoryId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<JobTemplate>().WithMany().HasForeignKey(x => x.OnJobTemplateId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<Credential>().WithMany().HasForeignKey(x => x.OnCredentialId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<InstanceGroup>().WithMany().HasForeignKey(x => x.OnInstanceGroupId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
