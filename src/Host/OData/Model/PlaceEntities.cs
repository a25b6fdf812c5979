using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>Who owns what, and where jobs run. Pod specs and backend settings are left out: people write secrets into them.</summary>
internal static class PlaceEntities
{
    public static IEnumerable<EntityModel> All() =>
        [Organizations(), InstanceGroups(), Instances(), ExecutionEnvironments(), CredentialTypes(), Credentials(), Plugins()];

    private static EntityModel<Organization> Organizations() => new EntityModel<Organization>(
            "Organizations", "Organization", db => db.Organizations, Visibility.VisibleTo, "Owners of projects, inventories, templates and credentials.")
        .Named()
        .Property(x => x.MaxHosts, "The most hosts that its inventories may have together; 0 for no limit.")
        .Property(x => x.DefaultEnvironmentId)
        .One<ExecutionEnvironment>("DefaultEnvironment", "ExecutionEnvironments", "DefaultEnvironmentId", (x, t) => t.Id == x.DefaultEnvironmentId, x => x.DefaultEnvironment)
        .Many<Project>("Projects", "Projects", (x, t) => t.OrganizationId == x.Id)
        .Many<Inventory>("Inventories", "Inventories", (x, t) => t.OrganizationId == x.Id)
        .Many<JobTemplate>("JobTemplates", "JobTemplates", (x, t) => t.OrganizationId == x.Id)
        .Many<Credential>("Credentials", "Credentials", (x, t) => t.OrganizationId == x.Id)
        .Many<Job>("Jobs", "Jobs", (x, t) => t.OrganizationId == x.Id);

    private static EntityModel<InstanceGroup> InstanceGroups() => new EntityModel<InstanceGroup>(
            "InstanceGroups", "InstanceGroup", db => db.InstanceGroups, Visibility.VisibleTo, "Where jobs run: always-on instances, or pods made for each job.")
        .Property(x => x.Id)
        .Property(x => x.Name, searched: true)
        .Property(x => x.Created)
        .Property(x => x.Modified)
        .Property(x => x.MaxConcurrentJobs, "The most jobs at once; 0 for no limit.")
        .Property(x => x.MaxForks, "The most forks at once; 0 for no limit.")
        .Property(x => x.IsContainerGroup, "Whether its jobs run in pods.")
        .Property(x => x.CredentialId)
        .Property(x => x.ExecutionBackend, "The execution backend's name; null for the one that the kind of group implies.")
        .Property(x => x.PolicyInstancePercentage)
        .Property(x => x.PolicyInstanceMinimum)
        .One<Credential>("Credential", "Credentials", "CredentialId", (x, t) => t.Id == x.CredentialId, x => x.Credential)
        .Many<Instance>("Instances", "Instances", (x, t) => t.InstanceGroups.Any(member => member.InstanceGroupId == x.Id))
        .Many<Job>("Jobs", "Jobs", (x, t) => t.InstanceGroupId == x.Id);

    private static EntityModel<Instance> Instances() => new EntityModel<Instance>(
            "Instances", "Instance", db => db.Instances, Visibility.VisibleTo, "Always-on runners, and their capacity.")
        .Property(x => x.Id)
        .Property(x => x.Hostname, searched: true)
        .Property(x => x.Uuid)
        .Property(x => x.IpAddress)
        .Property(x => x.NodeType, allowed: Words.NodeTypes)
        .Property(x => x.NodeState, allowed: Words.NodeStates)
        .Property(x => x.Created)
        .Property(x => x.Modified)
        .Property(x => x.Managed, "Whether the server itself runs on it and made the row.")
        .Property(x => x.Enabled)
        .Property(x => x.ManagedByPolicy)
        .Property(x => x.CapacityAdjustment, "Between the lower (0) and the higher (1) of the two capacities.")
        .Property(x => x.Cpu, "Processors.")
        .Property(x => x.Memory, "Bytes.")
        .Property(x => x.CpuCapacity, "Forks that fit by processors.")
        .Property(x => x.MemCapacity, "Forks that fit by memory.")
        .Property(x => x.Capacity, "Forks that fit at once; 0 when disabled or not ready.")
        .Property(x => x.Version)
        .Property(x => x.Errors)
        .Property(x => x.LastSeen, "The last heartbeat.")
        .Property(x => x.LastHealthCheck)
        .Many<InstanceGroup>("InstanceGroups", "InstanceGroups", (x, t) => t.Instances.Any(member => member.InstanceId == x.Id));

    private static EntityModel<ExecutionEnvironment> ExecutionEnvironments() => new EntityModel<ExecutionEnvironment>(
            "ExecutionEnvironments", "ExecutionEnvironment", db => db.ExecutionEnvironments, Visibility.VisibleTo, "Images with Ansible in them.")
        .Named()
        .Property(x => x.Image, searched: true)
        .Property(x => x.Pull, allowed: ["", "always", "missing", "never"])
        .Property(x => x.Managed)
        .Property(x => x.OrganizationId)
        .Property(x => x.CredentialId)
        .One<Organization>("Organization", "Organizations", "OrganizationId", (x, t) => t.Id == x.OrganizationId, x => x.Organization)
        .One<Credential>("Credential", "Credentials", "CredentialId", (x, t) => t.Id == x.CredentialId);

    private static EntityModel<CredentialType> CredentialTypes() => new EntityModel<CredentialType>(
            "CredentialTypes", "CredentialType", db => db.CredentialTypes, Visibility.VisibleTo, "Kinds of secrets.")
        .Named()
        .Property(x => x.Kind)
        .Property(x => x.Namespace, "The name by which its plugin knows it; null for one that a user has defined.")
        .Property(x => x.Managed, "Whether it comes from a plugin.")
        .Many<Credential>("Credentials", "Credentials", (x, t) => t.CredentialTypeId == x.Id);

    /// <summary>That they exist, never what is in them.</summary>
    private static EntityModel<Credential> Credentials() => new EntityModel<Credential>(
            "Credentials", "Credential", db => db.Credentials, Visibility.VisibleTo, "That a credential exists and whose it is; never what is in it.")
        .Named()
        .Property(x => x.OrganizationId)
        .Property(x => x.CredentialTypeId)
        .Property(x => x.Managed)
        .One<Organization>("Organization", "Organizations", "OrganizationId", (x, t) => t.Id == x.OrganizationId, x => x.Organization)
        .One<CredentialType>("CredentialType", "CredentialTypes", "CredentialTypeId", (x, t) => t.Id == x.CredentialTypeId, x => x.CredentialType);

    private static EntityModel<PluginStatus> Plugins() => new EntityModel<PluginStatus>(
            "Plugins", "Plugin", db => db.Plugins, Visibility.VisibleTo, "What was last known of each plugin on each host.")
        .Property(x => x.Id)
        .Property(x => x.Hostname)
        .Property(x => x.PluginId, searched: true)
        .Property(x => x.Version)
        .Property(x => x.DisplayName, searched: true)
        .Property(x => x.Publisher)
        .Property(x => x.Status, allowed: Words.PluginStatuses)
        .Property(x => x.Reason)
        .Property(x => x.Backends, "The execution backends that it gives, separated by commas.")
        .Property(x => x.CredentialTypes, "The credential types that it gives, separated by commas.")
        .Property(x => x.Modified);
}
