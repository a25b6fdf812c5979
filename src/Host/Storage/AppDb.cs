using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>The store. One context per operation, made by the factory.</summary>
public sealed class AppDb(DbContextOptions<AppDb> options) : DbContext(options)
{
    public DbSet<InstallationValue> Installation => Set<InstallationValue>();

    public DbSet<HostProcess> HostProcesses => Set<HostProcess>();

    public DbSet<PluginStatus> Plugins => Set<PluginStatus>();

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<User> Users => Set<User>();

    public DbSet<Team> Teams => Set<Team>();

    public DbSet<RoleGrant> RoleGrants => Set<RoleGrant>();

    public DbSet<Role> Roles => Set<Role>();

    public DbSet<OAuthApplication> OAuthApplications => Set<OAuthApplication>();

    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    public DbSet<LoginSession> LoginSessions => Set<LoginSession>();

    public DbSet<CredentialType> CredentialTypes => Set<CredentialType>();

    public DbSet<Credential> Credentials => Set<Credential>();

    public DbSet<CredentialSecret> CredentialSecrets => Set<CredentialSecret>();

    public DbSet<JobPassword> JobPasswords => Set<JobPassword>();

    public DbSet<JobTemplateCredential> JobTemplateCredentials => Set<JobTemplateCredential>();

    public DbSet<JobCredential> JobCredentials => Set<JobCredential>();

    public DbSet<Instance> Instances => Set<Instance>();

    public DbSet<InstanceGroup> InstanceGroups => Set<InstanceGroup>();

    public DbSet<InstanceGroupMember> InstanceGroupMembers => Set<InstanceGroupMember>();

    public DbSet<OrganizationInstanceGroup> OrganizationInstanceGroups => Set<OrganizationInstanceGroup>();

    public DbSet<InventoryInstanceGroup> InventoryInstanceGroups => Set<InventoryInstanceGroup>();

    public DbSet<JobTemplateInstanceGroup> JobTemplateInstanceGroups => Set<JobTemplateInstanceGroup>();

    public DbSet<JobInstanceGroup> JobInstanceGroups => Set<JobInstanceGroup>();

    public DbSet<ExecutionEnvironment> ExecutionEnvironments => Set<ExecutionEnvironment>();

    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ProjectArchiveChunk> ProjectArchiveChunks => Set<ProjectArchiveChunk>();

    public DbSet<Inventory> Inventories => Set<Inventory>();

    public DbSet<InventoryHost> Hosts => Set<InventoryHost>();

    public DbSet<InventoryGroup> Groups => Set<InventoryGroup>();

    public DbSet<InventoryGroupHost> GroupHosts => Set<InventoryGroupHost>();

    public DbSet<InventoryGroupChild> GroupChildren => Set<InventoryGroupChild>();

    public DbSet<JobTemplate> JobTemplates => Set<JobTemplate>();

    public DbSet<Label> Labels => Set<Label>();

    public DbSet<JobTemplateLabel> JobTemplateLabels => Set<JobTemplateLabel>();

    public DbSet<JobLabel> JobLabels => Set<JobLabel>();

    public DbSet<InventoryLabel> InventoryLabels => Set<InventoryLabel>();

    public DbSet<ScheduleLabel> ScheduleLabels => Set<ScheduleLabel>();

    public DbSet<ActivityEntry> ActivityStream => Set<ActivityEntry>();

    public DbSet<Schedule> Schedules => Set<Schedule>();

    public DbSet<ScheduleCredential> ScheduleCredentials => Set<ScheduleCredential>();

    public DbSet<ScheduleInstanceGroup> ScheduleInstanceGroups => Set<ScheduleInstanceGroup>();

    public DbSet<SchedulePassword> SchedulePasswords => Set<SchedulePassword>();

    public DbSet<NotificationTemplate> NotificationTemplates => Set<NotificationTemplate>();

    public DbSet<NotificationSecret> NotificationSecrets => Set<NotificationSecret>();

    public DbSet<JobTemplateNotification> JobTemplateNotifications => Set<JobTemplateNotification>();

    public DbSet<ProjectNotification> ProjectNotifications => Set<ProjectNotification>();

    public DbSet<OrganizationNotification> OrganizationNotifications => Set<OrganizationNotification>();

    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<UnifiedJob> UnifiedJobs => Set<UnifiedJob>();

    /// <summary>Everything that is dispatched to an environment, ad hoc commands included.</summary>
    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<AdHocCommand> AdHocCommands => Set<AdHocCommand>();

    public DbSet<ProjectUpdate> ProjectUpdates => Set<ProjectUpdate>();

    public DbSet<JobPhase> JobPhases => Set<JobPhase>();

    public DbSet<JobEvent> JobEvents => Set<JobEvent>();

    public DbSet<JobHostSummary> JobHostSummaries => Set<JobHostSummary>();

    public DbSet<OutputChunk> OutputChunks => Set<OutputChunk>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        AppModel.Build(modelBuilder);
        LoginModel.Build(modelBuilder);
        RoleModel.Build(modelBuilder);
        LabelModel.Build(modelBuilder);
        ActivityModel.Build(modelBuilder);
        ScheduleModel.Build(modelBuilder);
        NotificationModel.Build(modelBuilder);
        SqlMoments.Map(modelBuilder, Database.IsSqlite());
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite gives DateTime back without its kind, and can't order DateTimeOffset at all: UTC in, UTC out.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        // SQLite has no decimal that can be compared.
        configurationBuilder.Properties<decimal>().HaveConversion<double>();
    }
}
