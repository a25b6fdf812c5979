using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>What jobs are made of. Variables, sources' URLs and arguments are left out: people write secrets into them.</summary>
internal static class ContentEntities
{
    public static IEnumerable<EntityModel> All() => [Projects(), Inventories(), Hosts(), JobTemplates()];

    private static EntityModel<Project> Projects() => new EntityModel<Project>(
            "Projects", "Project", db => db.Projects, Visibility.VisibleTo, "Where playbooks come from.")
        .Named()
        .Property(x => x.OrganizationId)
        .Property(x => x.ScmType, "Empty for a directory of the server.", allowed: Words.ScmTypes)
        .Property(x => x.ScmBranch)
        .Property(x => x.ScmRevision, "The commit, or the archive's digest, that the stored files are of.")
        .Property(x => x.ScmUpdateOnLaunch)
        .Property(x => x.AllowOverride)
        .Property(x => x.CredentialId)
        .Property(x => x.Timeout, "Seconds that an update may take; 0 for no limit.")
        .Property(x => x.Status)
        .Property(x => x.LastUpdated)
        .Property(x => x.LastUpdateFailed)
        .Property(x => x.DefaultEnvironmentId)
        .One<Organization>("Organization", "Organizations", "OrganizationId", (x, t) => t.Id == x.OrganizationId, x => x.Organization)
        .One<Credential>("Credential", "Credentials", "CredentialId", (x, t) => t.Id == x.CredentialId)
        .One<ExecutionEnvironment>("DefaultEnvironment", "ExecutionEnvironments", "DefaultEnvironmentId", (x, t) => t.Id == x.DefaultEnvironmentId, x => x.DefaultEnvironment)
        .Many<JobTemplate>("JobTemplates", "JobTemplates", (x, t) => t.ProjectId == x.Id)
        .Many<Job>("Jobs", "Jobs", (x, t) => t.ProjectId == x.Id);

    private static EntityModel<Inventory> Inventories() => new EntityModel<Inventory>(
            "Inventories", "Inventory", db => db.Inventories, Visibility.VisibleTo, "Hosts that playbooks run against.")
        .Named()
        .Property(x => x.OrganizationId)
        .Property(x => x.PreventInstanceGroupFallback)
        .Property(x => x.PendingDeletion)
        .One<Organization>("Organization", "Organizations", "OrganizationId", (x, t) => t.Id == x.OrganizationId, x => x.Organization)
        .Many<InventoryHost>("Hosts", "Hosts", (x, t) => t.InventoryId == x.Id)
        .Many<Job>("Jobs", "Jobs", (x, t) => t.InventoryId == x.Id);

    private static EntityModel<InventoryHost> Hosts() => new EntityModel<InventoryHost>(
            "Hosts", "Host", db => db.Hosts, Visibility.VisibleTo, "Hosts of inventories.")
        .Named()
        .Property(x => x.InventoryId)
        .Property(x => x.Enabled)
        .Property(x => x.InstanceId)
        .Property(x => x.LastJobId)
        .Property(x => x.HasActiveFailures, "Whether it failed in its last job.")
        .One<Inventory>("Inventory", "Inventories", "InventoryId", (x, t) => t.Id == x.InventoryId, x => x.Inventory)
        .One<Job>("LastJob", "Jobs", "LastJobId", (x, t) => t.Id == x.LastJobId)
        .Many<JobHostSummary>("JobHostSummaries", "JobHostSummaries", (x, t) => t.HostId == x.Id)
        .Many<JobEvent>("JobEvents", "JobEvents", (x, t) => t.HostId == x.Id);

    private static EntityModel<JobTemplate> JobTemplates() => new EntityModel<JobTemplate>(
            "JobTemplates", "JobTemplate", db => db.JobTemplates, Visibility.VisibleTo, "Saved recipes of jobs.")
        .Named()
        .Property(x => x.OrganizationId)
        .Property(x => x.JobType, allowed: Words.JobTypes)
        .Property(x => x.InventoryId)
        .Property(x => x.ProjectId)
        .Property(x => x.Playbook, searched: true)
        .Property(x => x.ScmBranch)
        .Property(x => x.Forks)
        .Property(x => x.Limit)
        .Property(x => x.Verbosity)
        .Property(x => x.JobTags)
        .Property(x => x.SkipTags)
        .Property(x => x.BecomeEnabled)
        .Property(x => x.DiffMode)
        .Property(x => x.AllowSimultaneous)
        .Property(x => x.Timeout, "Seconds that a job may take; 0 for no limit.")
        .Property(x => x.ExecutionEnvironmentId)
        .Property(x => x.PreventInstanceGroupFallback)
        .One<Organization>("Organization", "Organizations", "OrganizationId", (x, t) => t.Id == x.OrganizationId, x => x.Organization)
        .One<Inventory>("Inventory", "Inventories", "InventoryId", (x, t) => t.Id == x.InventoryId, x => x.Inventory)
        .One<Project>("Project", "Projects", "ProjectId", (x, t) => t.Id == x.ProjectId, x => x.Project)
        .One<ExecutionEnvironment>("ExecutionEnvironment", "ExecutionEnvironments", "ExecutionEnvironmentId", (x, t) => t.Id == x.ExecutionEnvironmentId, x => x.ExecutionEnvironment)
        .Many<Job>("Jobs", "Jobs", (x, t) => t.JobTemplateId == x.Id);
}
