namespace ContainerGroups.Host.Storage;

/// <summary>A person or program that may log in.</summary>
public sealed class User : Entity
{
    public string Username { get; set; } = "";

    /// <summary>The password's hash with its parameters; never shown, never queryable from outside.</summary>
    public string PasswordHash { get; set; } = "";

    public string FirstName { get; set; } = "";

    public string LastName { get; set; } = "";

    public string Email { get; set; } = "";

    public bool IsSuperuser { get; set; }

    public bool IsSystemAuditor { get; set; }

    public DateTime? LastLogin { get; set; }

    public List<RoleGrant> Roles { get; } = [];
}

/// <summary>Users of one organization who share rights.</summary>
public sealed class Team : NamedEntity
{
    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    /// <summary>The roles that its members have.</summary>
    public List<RoleGrant> Roles { get; } = [];

    /// <summary>Who has which role on the team itself: its members and administrators.</summary>
    public List<RoleGrant> Grants { get; } = [];
}
