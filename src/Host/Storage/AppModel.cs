using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ContainerGroups.Host.Storage;

/// <summary>Keys, lengths, relations and indexes: one model for both providers.</summary>
internal static class AppModel
{
    /// <summary>AWX's longest name of an instance group or hostname.</summary>
    private const int ShortName = 250;

    /// <summary>AWX's longest name of anything else.</summary>
    private const int LongName = 512;

    /// <summary>Of what is one word: a key's id, a status.</summary>
    internal const int Word = 64;

    public static void Build(ModelBuilder b)
    {
        Installation(b);
        Access(b);
        Instances(b);
        Inventories(b);
        Credentials(b);
        Projects(b);
        Jobs(b);
        JobDetails(b);
    }

    private static void Installation(ModelBuilder b)
    {
        b.Entity<InstallationValue>(e =>
        {
            e.HasKey(x => x.Name);
            e.Property(x => x.Name).HasMaxLength(Word);
        });
        b.Entity<HostProcess>(e =>
        {
            e.HasKey(x => x.Hostname);
            e.Property(x => x.Hostname).HasMaxLength(ShortName);
        });
        b.Entity<PluginStatus>(e =>
        {
            e.HasIndex(x => new { x.Hostname, x.PluginId }).IsUnique();
            e.Property(x => x.Hostname).HasMaxLength(ShortName);
            e.Property(x => x.PluginId).HasMaxLength(ShortName);
        });
    }

    private static void Access(ModelBuilder b)
    {
        b.Entity<Organization>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => x.Name).IsUnique();
            e.HasOne(x => x.DefaultEnvironment).WithMany().HasForeignKey(x => x.DefaultEnvironmentId).OnDelete(DeleteBehavior.SetNull);
        });
        b.Entity<User>(e =>
        {
            e.Property(x => x.Username).HasMaxLength(150);
            e.HasIndex(x => x.Username).IsUnique();
        });
        b.Entity<Team>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.HasOne(x => x.Organization).WithMany(x => x.Teams).HasForeignKey(x => x.OrganizationId);
        });
    }

    private static void Instances(ModelBuilder b)
    {
        b.Entity<Instance>(e =>
        {
            e.Property(x => x.Hostname).HasMaxLength(ShortName);
            e.HasIndex(x => x.Hostname).IsUnique();
            e.Property(x => x.NodeType).HasMaxLength(Word);
            e.Property(x => x.NodeState).HasMaxLength(Word);
        });
        b.Entity<InstanceGroup>(e =>
        {
            e.Property(x => x.Name).HasMaxLength(ShortName);
            e.HasIndex(x => x.Name).IsUnique();
            e.HasOne(x => x.Credential).WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.SetNull);
        });
        b.Entity<InstanceGroupMember>(e =>
        {
            e.HasKey(x => new { x.InstanceGroupId, x.InstanceId });
            e.HasOne(x => x.InstanceGroup).WithMany(x => x.Instances).HasForeignKey(x => x.InstanceGroupId);
            e.HasOne(x => x.Instance).WithMany(x => x.InstanceGroups).HasForeignKey(x => x.InstanceId);
        });
        b.Entity<OrganizationInstanceGroup>(e =>
        {
            e.HasKey(x => new { x.OrganizationId, x.InstanceGroupId });
            e.HasOne<Organization>().WithMany(x => x.InstanceGroups).HasForeignKey(x => x.OrganizationId);
        });
        b.Entity<InventoryInstanceGroup>(e =>
        {
            e.HasKey(x => new { x.InventoryId, x.InstanceGroupId });
            e.HasOne<Inventory>().WithMany(x => x.InstanceGroups).HasForeignKey(x => x.InventoryId);
        });
        b.Entity<JobTemplateInstanceGroup>(e =>
        {
            e.HasKey(x => new { x.JobTemplateId, x.InstanceGroupId });
            e.HasOne<JobTemplate>().WithMany(x => x.InstanceGroups).HasForeignKey(x => x.JobTemplateId);
        });
        b.Entity<JobInstanceGroup>(e =>
        {
            e.HasKey(x => new { x.JobId, x.InstanceGroupId });
            e.HasOne<Job>().WithMany(x => x.PreferredInstanceGroups).HasForeignKey(x => x.JobId);
        });
    }

    private static void Inventories(ModelBuilder b)
    {
        b.Entity<Inventory>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.HasOne(x => x.Organization).WithMany(x => x.Inventories).HasForeignKey(x => x.OrganizationId);
        });
        b.Entity<InventoryHost>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.InventoryId, x.Name }).IsUnique();
            e.HasOne(x => x.Inventory).WithMany(x => x.Hosts).HasForeignKey(x => x.InventoryId);
        });
        b.Entity<InventoryGroup>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.InventoryId, x.Name }).IsUnique();
            e.HasOne(x => x.Inventory).WithMany(x => x.Groups).HasForeignKey(x => x.InventoryId);
        });
        b.Entity<InventoryGroupHost>(e =>
        {
            e.HasKey(x => new { x.GroupId, x.HostId });
            e.HasOne(x => x.Group).WithMany(x => x.Hosts).HasForeignKey(x => x.GroupId);
            e.HasOne(x => x.Host).WithMany(x => x.Groups).HasForeignKey(x => x.HostId);
        });
        b.Entity<InventoryGroupChild>(e =>
        {
            e.HasKey(x => new { x.ParentId, x.ChildId });
            e.HasOne(x => x.Parent).WithMany(x => x.Children).HasForeignKey(x => x.ParentId);
            e.HasOne(x => x.Child).WithMany(x => x.Parents).HasForeignKey(x => x.ChildId);
        });
    }

    private static void Credentials(ModelBuilder b)
    {
        b.Entity<CredentialType>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.Name, x.Kind }).IsUnique();
            e.HasIndex(x => x.Namespace).IsUnique();
            e.Property(x => x.Kind).HasMaxLength(ShortName);
            e.Property(x => x.Namespace).HasMaxLength(ShortName);
        });
        b.Entity<Credential>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.OrganizationId, x.Name, x.CredentialTypeId }).IsUnique();
            e.HasOne(x => x.CredentialType).WithMany().HasForeignKey(x => x.CredentialTypeId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne(x => x.Organization).WithMany(x => x.Credentials).HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.User).WithMany().HasForeignKey(x => x.UserId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Team).WithMany().HasForeignKey(x => x.TeamId).OnDelete(DeleteBehavior.SetNull);
        });
        b.Entity<CredentialSecret>(e =>
        {
            e.HasKey(x => new { x.CredentialId, x.Field });
            e.HasIndex(x => x.KeyId);
            e.Property(x => x.Field).HasMaxLength(ShortName);
            e.Property(x => x.KeyId).HasMaxLength(Word);
            e.HasOne<Credential>().WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<JobPassword>(e =>
        {
            e.HasKey(x => new { x.JobId, x.Name });
            e.Property(x => x.Name).HasMaxLength(LongName);
            e.Property(x => x.KeyId).HasMaxLength(Word);
            e.HasOne<Job>().WithMany().HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<JobTemplateCredential>(e =>
        {
            e.HasKey(x => new { x.JobTemplateId, x.CredentialId });
            e.HasOne<JobTemplate>().WithMany(x => x.Credentials).HasForeignKey(x => x.JobTemplateId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Credential).WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<JobCredential>(e =>
        {
            e.HasKey(x => new { x.JobId, x.CredentialId });
            e.HasOne<Job>().WithMany(x => x.Credentials).HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Credential).WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void Projects(ModelBuilder b)
    {
        b.Entity<ExecutionEnvironment>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => x.Name).IsUnique();
            e.Property(x => x.Image).HasMaxLength(1024);
            e.HasOne<Credential>().WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.Organization).WithMany().HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<Project>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.Property(x => x.ScmType).HasMaxLength(Word);
            e.Property(x => x.Status).HasMaxLength(Word);
            e.HasOne(x => x.Organization).WithMany(x => x.Projects).HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.DefaultEnvironment).WithMany().HasForeignKey(x => x.DefaultEnvironmentId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne<Credential>().WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.SetNull);
        });
        b.Entity<ProjectArchiveChunk>(e =>
        {
            e.HasKey(x => new { x.ProjectId, x.Digest, x.Sequence });
            e.Property(x => x.Digest).HasMaxLength(Word);
            e.HasOne<Project>().WithMany().HasForeignKey(x => x.ProjectId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<JobTemplate>(e =>
        {
            Name(e, LongName);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.Property(x => x.JobType).HasMaxLength(Word);
            e.HasOne(x => x.Organization).WithMany(x => x.JobTemplates).HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.Inventory).WithMany().HasForeignKey(x => x.InventoryId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.Project).WithMany().HasForeignKey(x => x.ProjectId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.ExecutionEnvironment).WithMany().HasForeignKey(x => x.ExecutionEnvironmentId).OnDelete(DeleteBehavior.SetNull);
        });
    }

    private static void Jobs(ModelBuilder b)
    {
        b.Entity<UnifiedJob>(e =>
        {
            e.ToTable("UnifiedJobs");
            e.HasDiscriminator(x => x.Type).HasValue<Job>("job").HasValue<AdHocCommand>("ad_hoc_command").HasValue<ProjectUpdate>("project_update");
            Name(e, LongName);
            e.Property(x => x.Type).HasMaxLength(Word);
            e.Property(x => x.Status).HasMaxLength(Word);
            e.Property(x => x.LaunchType).HasMaxLength(Word);
            e.Property(x => x.ExecutionNode).HasMaxLength(ShortName);
            e.Property(x => x.ControllerNode).HasMaxLength(ShortName);
            e.HasOne(x => x.Organization).WithMany().HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.ExecutionEnvironment).WithMany().HasForeignKey(x => x.ExecutionEnvironmentId).OnDelete(DeleteBehavior.SetNull);
            // Every question of the dispatcher and of a list is about a status, in order of age.
            e.HasIndex(x => new { x.Status, x.Id });
            e.HasIndex(x => x.Finished);
            // Reports ask for days and weeks of launches. It only ever grows at its end.
            e.HasIndex(x => x.Created);
            // Whose jobs a caller may see depends on what they belong to.
            e.HasIndex(x => new { x.OrganizationId, x.Id });
        });
        b.Entity<ProjectUpdate>(e =>
        {
            e.HasOne(x => x.Project).WithMany().HasForeignKey(x => x.ProjectId).OnDelete(DeleteBehavior.Cascade);
            e.Property(x => x.ScmRevision).HasColumnName("ScmRevision");
            e.Property(x => x.ProjectId).HasColumnName("UpdatedProjectId");
            e.Property(x => x.ClaimEpoch).HasColumnName("ClaimEpoch");
        });
        b.Entity<Job>(e =>
        {
            e.Property(x => x.JobType).HasMaxLength(Word);
            e.Property(x => x.Backend).HasMaxLength(ShortName);
            e.Property(x => x.ScmRevision).HasColumnName("ScmRevision");
            e.Property(x => x.ClaimEpoch).HasColumnName("ClaimEpoch");
            e.HasOne(x => x.JobTemplate).WithMany().HasForeignKey(x => x.JobTemplateId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.Inventory).WithMany().HasForeignKey(x => x.InventoryId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.Project).WithMany().HasForeignKey(x => x.ProjectId).OnDelete(DeleteBehavior.SetNull);
            e.HasOne(x => x.InstanceGroup).WithMany().HasForeignKey(x => x.InstanceGroupId).OnDelete(DeleteBehavior.SetNull);
            e.HasIndex(x => new { x.JobTemplateId, x.Id });
            e.HasIndex(x => new { x.InstanceGroupId, x.Status });
            // Refused and waiting for their time: few, while the queue may be long.
            e.HasIndex(x => new { x.Status, x.NotBefore }).HasFilter("\"NotBefore\" IS NOT NULL");
            // Environments still to be removed: few at any time among all jobs ever.
            e.HasIndex(x => x.DestroyPending).HasFilter("\"DestroyPending\"");
        });
        b.Entity<AdHocCommand>(e =>
        {
            e.Property(x => x.ModuleName).HasMaxLength(Word);
            e.HasOne(x => x.Credential).WithMany().HasForeignKey(x => x.CredentialId).OnDelete(DeleteBehavior.SetNull);
        });
    }

    private static void JobDetails(ModelBuilder b)
    {
        b.Entity<JobPhase>(e =>
        {
            // Each is reached once in an attempt: what is told again, after a restart, changes nothing.
            e.HasIndex(x => new { x.JobId, x.Attempt, x.Name }).IsUnique();
            e.HasOne(x => x.Job).WithMany(x => x.Phases).HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
            e.Property(x => x.Name).HasMaxLength(Word);
        });
        b.Entity<JobEvent>(e =>
        {
            e.HasIndex(x => new { x.JobId, x.Counter }).IsUnique();
            e.HasIndex(x => new { x.JobId, x.StartLine });
            e.HasOne(x => x.Job).WithMany(x => x.Events).HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
            e.Property(x => x.Event).HasMaxLength(Word);
        });
        b.Entity<JobHostSummary>(e =>
        {
            e.HasIndex(x => new { x.JobId, x.HostName }).IsUnique();
            e.HasIndex(x => new { x.HostId, x.Id });
            e.HasOne(x => x.Job).WithMany(x => x.HostSummaries).HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<OutputChunk>(e =>
        {
            e.HasKey(x => new { x.JobId, x.OutputOffset });
            // Finds a line; the offset is in it for lines longer than a chunk.
            e.HasIndex(x => new { x.JobId, x.StartLine, x.OutputOffset });
            e.HasOne<UnifiedJob>().WithMany().HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void Name<T>(EntityTypeBuilder<T> e, int length)
        where T : NamedEntity => e.Property(x => x.Name).HasMaxLength(length);
}
