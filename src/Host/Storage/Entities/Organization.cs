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

    public List<OrganizationMember> Members { get; } = [];

    public List<Team> Teams { get; } = [];

    public List<Credential> Credentials { get; } = [];

    public List<Project> Projects { get; } = [];

    public List<Inventory> Inventories { get; } = [];

    public List<JobTemplate> JobTemplates { get; } = [];
}

/// <summary>A user's place in an organization.</summary>
public sealed class OrganizationMember
{
    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    public long UserId { get; set; }

    public User User { get; set; } = null!;

    /// <summary>Whether the user administers the organization, besides being its member.</summary>
    public bool IsAdmin { get; set; }
}
