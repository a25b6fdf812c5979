namespace ContainerGroups.Host.Storage;

/// <summary>Owns projects, inventories, teams and credentials.</summary>
public sealed class Organization : NamedEntity
{
    /// <summary>The most hosts that its inventories may have together; 0 for no limit.</summary>
    public int MaxHosts { get; set; }

    public long? DefaultEnvironmentId { get; set; }

    public ExecutionEnvironment? DefaultEnvironment { get; set; }

    /// <summary>Where its jobs run, in order of preference.</summary>
    public List<OrganizationInstanceGroup> InstanceGroups { get; } = [];

    /// <summary>Who has which role on it: members and administrators among them.</summary>
    public List<RoleGrant> Grants { get; } = [];

    public List<Team> Teams { get; } = [];

    public List<Credential> Credentials { get; } = [];

    public List<Project> Projects { get; } = [];

    public List<Inventory> Inventories { get; } = [];

    public List<JobTemplate> JobTemplates { get; } = [];
}
