namespace ContainerGroups.Host.Storage;

/// <summary>An image with Ansible in it.</summary>
public sealed class ExecutionEnvironment : NamedEntity
{
    public string Image { get; set; } = "";

    /// <summary><c>always</c>, <c>missing</c>, <c>never</c>, or empty.</summary>
    public string Pull { get; set; } = "";

    public bool Managed { get; set; }

    public long? OrganizationId { get; set; }

    public Organization? Organization { get; set; }

    public long? CredentialId { get; set; }
}
