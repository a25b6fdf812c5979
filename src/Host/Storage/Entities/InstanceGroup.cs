namespace ContainerGroups.Host.Storage;

/// <summary>Where jobs run: always-on instances, or, as a container group, pods made for each job.</summary>
public sealed class InstanceGroup : Entity
{
    /// <summary>The group of jobs for which nobody prefers another.</summary>
    public const string DefaultName = "default";

    public string Name { get; set; } = "";

    /// <summary>The most jobs at once; 0 for no limit.</summary>
    public int MaxConcurrentJobs { get; set; }

    /// <summary>The most forks at once; 0 for no limit.</summary>
    public int MaxForks { get; set; }

    public bool IsContainerGroup { get; set; }

    public long? CredentialId { get; set; }

    /// <summary>What its jobs reach the other side with; of kind kubernetes.</summary>
    public Credential? Credential { get; set; }

    /// <summary>The execution backend's name; null for the one that <see cref="IsContainerGroup"/> implies.</summary>
    public string? ExecutionBackend { get; set; }

    /// <summary>The name of the backend that runs this group's jobs.</summary>
    public string EffectiveBackend => ExecutionBackend ?? (IsContainerGroup ? "kubernetes" : "local_instance");

    /// <summary>The backend's settings, a JSON object.</summary>
    public string BackendSettings { get; set; } = "{}";

    /// <summary>The Pod that the user wants merged over the default one: YAML or JSON, as it was given.</summary>
    public string PodSpecOverride { get; set; } = "";

    public int PolicyInstancePercentage { get; set; }

    public int PolicyInstanceMinimum { get; set; }

    /// <summary>Hostnames, a JSON array.</summary>
    public string PolicyInstanceList { get; set; } = "[]";

    public List<InstanceGroupMember> Instances { get; } = [];
}

/// <summary>An instance's place in a group.</summary>
public sealed class InstanceGroupMember
{
    public long InstanceGroupId { get; set; }

    public InstanceGroup InstanceGroup { get; set; } = null!;

    public long InstanceId { get; set; }

    public Instance Instance { get; set; } = null!;
}

/// <summary>A place in somebody's ordered list of preferred instance groups.</summary>
public abstract class PreferredInstanceGroup
{
    public long InstanceGroupId { get; set; }

    public InstanceGroup InstanceGroup { get; set; } = null!;

    /// <summary>Grows along the list; gaps are allowed.</summary>
    public int Position { get; set; }
}

/// <summary>An organization's preference.</summary>
public sealed class OrganizationInstanceGroup : PreferredInstanceGroup
{
    public long OrganizationId { get; set; }
}

/// <summary>An inventory's preference.</summary>
public sealed class InventoryInstanceGroup : PreferredInstanceGroup
{
    public long InventoryId { get; set; }
}

/// <summary>A job template's preference.</summary>
public sealed class JobTemplateInstanceGroup : PreferredInstanceGroup
{
    public long JobTemplateId { get; set; }
}

/// <summary>A job's preference, fixed when it was launched.</summary>
public sealed class JobInstanceGroup : PreferredInstanceGroup
{
    public long JobId { get; set; }
}
